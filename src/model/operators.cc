#include "model/operators.h"

#include <algorithm>
#include <array>

namespace holdfast {
namespace {

// In the order of Op.
constexpr std::array<std::string_view, 12> names{"eq",      "ne",       "lt",          "le",         "gt", "ge",
                                                 "between", "contains", "notContains", "beginsWith", "in", "notIn"};

}  // namespace

std::string_view api_name(Op op) { return names.at(static_cast<std::size_t>(op)); }

std::optional<Op> op_of_api_name(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Op>(found - names.begin());
}

}  // namespace holdfast
