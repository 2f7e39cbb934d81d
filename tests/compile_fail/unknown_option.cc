// L23: an option that does not exist cannot be set.
#include "tests/compile_fail/models.h"

#ifdef WRONG
holdfast::StoreOptions options{.path = "notes.db", .threads = 4};
#else
holdfast::StoreOptions options{.path = "notes.db"};
#endif
