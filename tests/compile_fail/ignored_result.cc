// A save's result is not dropped by accident.
#include "tests/compile_fail/models.h"

#pragma GCC diagnostic error "-Wunused-result"
void write(holdfast::DataStore& store) {
#ifdef WRONG
  store.save(Post{.id = "1"});
#else
  store.save(Post{.id = "1"}).ignore("a test");
#endif
}
