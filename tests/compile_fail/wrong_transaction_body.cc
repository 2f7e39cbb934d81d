// A transaction's body says how it ended with a Result, or returns nothing; a bool could be taken for either.
#include "tests/compile_fail/models.h"

auto write(holdfast::DataStore& store) {
#ifdef WRONG
  return store.transaction([](holdfast::Transaction&) { return true; });
#else
  return store.transaction([](holdfast::Transaction&) -> holdfast::Result<void> { return {}; });
#endif
}
