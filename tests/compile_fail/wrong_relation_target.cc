// What is asked of the other end of a relation is a condition on its model; a field is not a relation.
#include "tests/compile_fail/models.h"

#ifdef WRONG
auto where = Comment::fields::post.has(Comment::fields::id == "1");
#else
auto where = Comment::fields::post.has(Post::fields::rating > 4);
#endif
