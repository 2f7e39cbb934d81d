// A number is not compared with text.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Post::fields::rating > "x";
#else
auto where = Post::fields::rating > 4;
#endif
