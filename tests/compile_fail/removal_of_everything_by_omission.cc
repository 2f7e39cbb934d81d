// D01: removing everything is spelled out.
#include "tests/compile_fail/models.h"

auto write(holdfast::DataStore& store) {
#ifdef WRONG
  return store.remove<Post>();
#else
  return store.remove_all<Post>();
#endif
}
