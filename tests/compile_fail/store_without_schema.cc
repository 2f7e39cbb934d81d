// V02, V03: a store is opened on a schema, which is data: there is nothing to initialise, or to initialise twice.
#include "tests/compile_fail/models.h"

#ifdef WRONG
holdfast::DataStore store;
#else
auto store() { return holdfast::DataStore::open(holdfast::Schema{}); }
#endif
