#include "sqlite/memory.h"

#include <sqlite3.h>

namespace holdfast::sqlite {

bool stop_counting_memory() noexcept { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK; }

}  // namespace holdfast::sqlite
