#include "graphql/plan.h"

#include <utility>

namespace holdfast::graphql {
namespace {

class Planning {
 public:
  Planning(const Asking& asking, const Scalars& scalars, std::size_t steps_max)
      : asking_(asking), scalars_(scalars), budget_(steps_max) {}

  // Documents of servers nest within a bound of theirs; those deeper than an answer may be are not planned to the end.
  std::unique_ptr<const Plan> of(const TypeDefinition& type, SelectionSets sets, int depth) {
    if (depth > execution_depth_max) return nullptr;
    auto level = plan_level(asking_, scalars_, type, sets, budget_);
    if (std::holds_alternative<RequestError>(level) || budget_.is_spent()) return nullptr;
    auto plan = std::make_unique<Plan>(std::get<Plan>(std::move(level)));
    for (auto& field : plan->fields) {
      if (field.named == nullptr || field.named->kind != TypeKind::object) continue;
      field.inside = of(*field.named, selection_sets(field.group), depth + 1);
    }
    return plan;
  }

 private:
  const Asking& asking_;
  const Scalars& scalars_;
  WorkBudget budget_;
};

PlannedField planned(const Asking& asking, const Scalars& scalars, FieldGroup group) {
  PlannedField field;
  field.key = ",\"" + std::string(group.response_name) + "\":";
  if (group.definition != nullptr) {
    field.named = asking.types.type(group.definition->type.innermost());
    HOLDFAST_ASSERT(field.named != nullptr, "a checked type system knows the types of its fields");
    field.leaf = leaf_of(*field.named);
    if (field.leaf == Leaf::custom && is_leaf(*field.named)) {
      for (std::size_t kind = 0; kind < value_kinds; ++kind) {
        field.keeps[kind] = scalars.keeps(*field.named, static_cast<Value::Kind>(kind));
      }
    }
  }
  field.group = std::move(group);
  return field;
}

}  // namespace

std::variant<Plan, RequestError> plan_level(const Asking& asking, const Scalars& scalars, const TypeDefinition& type,
                                            SelectionSets sets, WorkBudget& budget) {
  const auto before = budget.left();
  auto collected = collect_fields(asking, type, sets, budget);
  if (auto* problem = std::get_if<RequestError>(&collected)) return std::move(*problem);
  auto& groups = std::get<std::vector<FieldGroup>>(collected);
  Plan plan{.steps = before - budget.left()};
  plan.fields.reserve(groups.size());
  for (auto& group : groups) plan.fields.push_back(planned(asking, scalars, std::move(group)));
  return plan;
}

std::unique_ptr<const Plan> plan_operation(const TypeSystem& types, const Document& document,
                                           const Operation& operation, const Scalars& scalars, std::size_t steps_max) {
  const auto* root = types.root(operation.type);
  if (root == nullptr) return nullptr;
  const Asking asking{types, document, nullptr};
  const std::vector<const std::vector<Selection>*> sets{&operation.selections};
  return Planning(asking, scalars, steps_max).of(*root, sets, 1);
}

std::size_t weight_of(const Plan& plan) {
  auto bytes = sizeof plan;
  for (const auto& field : plan.fields) {
    bytes += sizeof field + field.key.size() + field.group.selections.size() * sizeof(const Selection*);
    if (field.inside) bytes += weight_of(*field.inside);
  }
  return bytes;
}

}  // namespace holdfast::graphql
