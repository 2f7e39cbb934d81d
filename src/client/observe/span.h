// Span: the models that a predicate looks at.
#pragma once

#include <set>
#include <string>

#include "holdfast/predicate.h"

namespace holdfast::observe {

/// The names of the models whose records decide what satisfies `where`, a predicate on `model` that has passed `check`:
/// its own and those that it comes to through relations. Empty when it goes through none.
[[nodiscard]] std::set<std::string> span_of(const Predicate& where, const ModelSchema& model, const Schema& schema);

}  // namespace holdfast::observe
