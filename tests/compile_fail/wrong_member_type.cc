// V15: a member takes its own type only.
#include "tests/compile_fail/models.h"

#ifdef WRONG
Post post{.id = "1", .rating = "four"};
#else
Post post{.id = "1", .rating = 4};
#endif
