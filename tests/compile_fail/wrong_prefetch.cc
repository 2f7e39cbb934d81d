// A prefetch takes instances of the relation's own model only.
#include "tests/compile_fail/models.h"

auto read(holdfast::DataStore& store, const std::vector<Post>& posts, const std::vector<Comment>& comments) {
#ifdef WRONG
  return store.prefetch(posts, Comment::fields::post);
#else
  return posts.size() + store.prefetch(comments, Comment::fields::post).value().rows().size();
#endif
}
