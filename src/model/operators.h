// The operators of predicates as the API spells them.
#pragma once

#include <optional>
#include <string_view>

#include "holdfast/predicate.h"

namespace holdfast {

/// In GraphQL's filters and in JSON forms of predicates: "notContains", "beginsWith" and "notIn", the others as in C++.
std::string_view api_name(Op op);
/// The inverse; nothing for a word that is no operator.
std::optional<Op> op_of_api_name(std::string_view name);

/// `check` of one record's predicate that came from the API: complaints have the operator's name there.
/// Code: invalid_argument.
Result<void> check_of_api(const Predicate& predicate, const ModelSchema& model);

}  // namespace holdfast
