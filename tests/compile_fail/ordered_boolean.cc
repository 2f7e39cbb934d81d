// P05: booleans are equal or not; only sorting orders them, false first.
#include "tests/compile_fail/models.h"

constexpr holdfast::Field<Post, bool> is_open{"isOpen"};
#ifdef WRONG
auto where = is_open < true;
#else
auto where = is_open == true;
#endif
