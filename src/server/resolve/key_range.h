// The sort key argument of a query as a range of an index.
#pragma once

#include <string>
#include <vector>

#include "holdfast/value.h"
#include "server/store/index.h"

namespace holdfast::server {

/// A range with all that the condition admits: `{eq|le|lt|ge|gt|between|beginsWith: value}`, where a value is an object
/// of leading fields when there are several. Of a condition with two tests of one side, it has the first.
IndexRange key_range(const std::vector<std::string>& fields, const Value& condition);

/// The members of `value` for the first of `fields`, up to one that is not given.
std::vector<Member> leading_members(const std::vector<std::string>& fields, const Value& value);

}  // namespace holdfast::server
