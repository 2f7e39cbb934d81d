// The handle of a transaction is not copied out of its body.
#include "tests/compile_fail/models.h"

auto write(holdfast::DataStore& store) {
#ifdef WRONG
  return store.transaction([](holdfast::Transaction transaction) { return transaction.save(Post{.id = "1"}); });
#else
  return store.transaction([](holdfast::Transaction& transaction) { return transaction.save(Post{.id = "1"}); });
#endif
}
