// P03: in() takes a list.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Post::fields::rating.in(4);
#else
auto where = Post::fields::rating.in({4, 5});
#endif
