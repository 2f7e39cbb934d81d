// begins_with is for strings.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Post::fields::rating.begins_with("4");
#else
auto where = Post::fields::id.begins_with("4");
#endif
