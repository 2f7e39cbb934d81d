// V35, V36: a Comment's post is a Post. The two relations of a join model are of the same type.
#include "tests/compile_fail/models.h"

#ifdef WRONG
Comment comment{.id = "1", .post = Comment{.id = "2"}};
#else
Comment comment{.id = "1", .post = Post{.id = "2"}};
#endif
