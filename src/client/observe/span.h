// Span: the models that a query looks at.
#pragma once

#include <set>
#include <string>

#include "holdfast/predicate.h"

namespace holdfast::observe {

/// The names of the models whose records decide what a query of `model` that has passed `check` reads, and in what order:
/// its own and those that it comes to through relations. Empty when it goes through none.
[[nodiscard]] std::set<std::string> span_of(const Query& query, const ModelSchema& model, const Schema& schema);

}  // namespace holdfast::observe
