// V31, D01: what is no model is neither saved nor removed.
#include "tests/compile_fail/models.h"

struct Place {
  std::string city{};
};

auto write(holdfast::DataStore& store) {
#ifdef WRONG
  return store.save(Place{.city = "Rom"});
#else
  return store.save(Post{.id = "1"});
#endif
}
