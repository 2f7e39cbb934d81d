// OB05: what is observed is said by a condition, on the key too.
#include "tests/compile_fail/models.h"

auto watch(holdfast::DataStore& store) {
#ifdef WRONG
  return store.observe<Post>([](const holdfast::Change<Post>&) {}, holdfast::Key{{"1"}});
#else
  return store.observe<Post>([](const holdfast::Change<Post>&) {}, Post::fields::id == "1");
#endif
}
