// Q04: a Comment's query takes no Post's condition.
#include "tests/compile_fail/models.h"

auto read(holdfast::DataStore& store) {
#ifdef WRONG
  return store.query<Comment>(Post::fields::rating > 4);
#else
  return store.query<Post>(Post::fields::rating > 4);
#endif
}
