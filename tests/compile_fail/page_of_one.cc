// A relation to one has no pages and nothing to sort; prefetch of it takes no options either.
#include "tests/compile_fail/models.h"

auto read(holdfast::DataStore& store, const Comment& comment) {
#ifdef WRONG
  return store.related(comment, Comment::fields::post, {.page_size = 2});
#else
  return store.related(comment, Comment::fields::post);
#endif
}
