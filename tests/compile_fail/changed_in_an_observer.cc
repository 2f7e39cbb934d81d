// V06: what the store hands out is const; a copy is the application's own.
#include "tests/compile_fail/models.h"

void hear(const holdfast::Change<Post>& change) {
#ifdef WRONG
  change.element.rating = 4;
#else
  auto own = change.element;
  own.rating = 4;
#endif
}
