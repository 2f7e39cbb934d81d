// SQLite's result codes as errors of ours. Included by the room's own sources only.
#pragma once

#include <string_view>

#include "holdfast/result.h"

struct sqlite3;

namespace holdfast::sqlite {

/// What the last call on `database` said. `outcome` is its (extended) result code; `database` may be null.
Error failure(sqlite3* database, int outcome, std::string_view path);
/// As above, with the path that SQLite knows of the main database.
Error failure(sqlite3* database, int outcome);

}  // namespace holdfast::sqlite
