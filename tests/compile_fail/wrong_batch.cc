// A batch is of one model.
#include "tests/compile_fail/models.h"

#include <vector>

auto write(holdfast::DataStore& store) {
#ifdef WRONG
  return store.save_all(std::vector<int>{1, 2});
#else
  return store.save_all(std::vector<Post>{{.id = "1"}, {.id = "2"}});
#endif
}
