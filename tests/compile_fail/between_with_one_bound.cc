// P01, P02: an operator takes as many operands as it means.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Post::fields::rating.between(4);
#else
auto where = Post::fields::rating.between(4, 5);
#endif
