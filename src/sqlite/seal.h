// The seal of a database file that is not written to any more, such as a backup: a checksum of all bytes before it.
#pragma once

#include <string>

#include "holdfast/result.h"

namespace holdfast::sqlite {

/// Adds the seal at the end of the file, synced. SQLite takes no notice of it: it knows how many pages there are. Code:
/// storage_failed.
Result<void> seal(const std::string& path);

/// True: the file is what was sealed, to the bit, which SQLite does not look at by itself. False: it has no seal. Codes:
/// corrupt, storage_failed.
Result<bool> check_seal(const std::string& path);

}  // namespace holdfast::sqlite
