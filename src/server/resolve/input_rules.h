// What @default and @validate do to the input of a create or an update.
#pragma once

#include <optional>

#include "graphql/execute.h"
#include "schema/input_rules.h"

namespace holdfast::server {

/// Of a create: fills what is absent or null.
void fill_defaults(const schema::InputRules& rules, Object& input);
/// The refusal of the first rule that `input` breaks, as AppSync words it; absent and null fields break none.
std::optional<graphql::FieldError> broken_rule(const schema::InputRules& rules, const Object& input);

}  // namespace holdfast::server
