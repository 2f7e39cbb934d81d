// P14, Q04: conditions are joined with conditions.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Post::fields::rating > 4 && true;
#else
auto where = Post::fields::rating > 4 && Post::fields::id != "1";
#endif
