// Predicates as condition variables. Internal to the room; filters are in documents.h.
#pragma once

#include "holdfast/predicate.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// As filter_variables, without the tests on key fields: a condition input has none of them. A group that loses
/// its last test goes with it; null when nothing is left.
Value condition_variables(const ModelSchema& model, const Predicate& predicate);

}  // namespace holdfast::protocol
