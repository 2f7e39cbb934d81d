// A copy of a database while it is in use.
#pragma once

#include <string>

#include "sqlite/connection.h"

namespace holdfast::sqlite {

/// Writes what `from` sees at one moment to a new file, which appears under `path` when it is whole and synced. With a
/// write-ahead log, others write on meanwhile; the log grows until the copy is done. A copy that died leaves
/// `path` + ".unfinished", which the next one replaces. Codes also: invalid_argument when `path` exists.
Result<void> copy_to_file(Connection& from, const std::string& path);
/// The same, sealed (sqlite/seal.h): to be kept, and not to be written to.
Result<void> back_up(Connection& from, const std::string& path);

}  // namespace holdfast::sqlite
