// V28: a field that the model does not have cannot be given.
#include "tests/compile_fail/models.h"

#ifdef WRONG
Post post{.id = "1", .colour = "red"};
#else
Post post{.id = "1", .rating = 4};
#endif
