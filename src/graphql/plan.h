// Plan: what an operation asks, level by level, with all that is known of its fields before anything is resolved.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "graphql/builtin_scalars.h"
#include "graphql/collect_fields.h"

namespace holdfast::graphql {

/// Of Value::Kind.
inline constexpr std::size_t value_kinds = 7;

struct Plan;

struct PlannedField {
  FieldGroup group = {};
  const TypeDefinition* named = nullptr;      ///< The type inside all lists. Null where the type lacks the field.
  Leaf leaf = Leaf::custom;
  std::array<bool, value_kinds> keeps = {};   ///< Custom scalars: the kinds of values that are written as they are.
  std::string key = {};                       ///< `,"name":`, as it stands in the answer before a value.
  /// Of fields of an object type: what is asked of it. Null when that is told only by the variables.
  std::unique_ptr<const Plan> inside = {};
};

/// One level: what is asked of one object type. The document and the type system outlive it.
struct Plan {
  std::vector<PlannedField> fields = {};
  std::size_t steps = 0;  ///< The selections that were looked at.
};

/// One level, without those inside it. The error: a condition that is null.
std::variant<Plan, RequestError> plan_level(const Asking& asking, const Scalars& scalars, const TypeDefinition& type,
                                            SelectionSets sets, WorkBudget& budget);

/// What all runs of the operation have in common, so that a document which is kept is planned once: all its levels but
/// those below a @skip or @include that a variable decides, those of interfaces and unions, and what is beyond
/// `steps_max` selections. Null when that is nothing.
std::unique_ptr<const Plan> plan_operation(const TypeSystem& types, const Document& document, const Operation& operation,
                                           const Scalars& scalars, std::size_t steps_max);

/// What a plan takes in memory, about.
std::size_t weight_of(const Plan& plan);

}  // namespace holdfast::graphql
