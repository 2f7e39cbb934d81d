// A relation leads from instances of its own model only.
#include "tests/compile_fail/models.h"

auto follow(holdfast::DataStore& store, const Post& post, const Comment& comment) {
#ifdef WRONG
  return store.related(post, Comment::fields::post);
#else
  return store.related(comment, Comment::fields::post).get().value()->id == post.id;
#endif
}
