// CollectFields (October 2021, section 6.3.2): which fields a selection set asks of one concrete type.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/execute.h"

namespace holdfast::graphql {

/// The selections of one response name, merged. `definition` is null for fields that the type does not have.
struct FieldGroup {
  std::string_view response_name = {};
  const FieldDefinition* definition = nullptr;
  std::vector<const Selection*> selections = {};  ///< At least one, in document order.
};

/// How much an operation may still do: selections looked at and values completed.
class WorkBudget {
 public:
  explicit WorkBudget(std::size_t steps) : steps_(steps) {}
  /// False, from now on always, when there is less left than `steps`.
  bool spend(std::size_t steps) noexcept {
    steps_ = steps <= steps_ ? steps_ - steps : 0;
    is_spent_ = is_spent_ || steps_ == 0;
    return !is_spent_;
  }
  [[nodiscard]] bool is_spent() const noexcept { return is_spent_; }
  [[nodiscard]] std::size_t left() const noexcept { return steps_; }

 private:
  std::size_t steps_;
  bool is_spent_ = false;
};

using SelectionSets = std::span<const std::vector<Selection>* const>;

/// Those of the field's selections.
std::vector<const std::vector<Selection>*> selection_sets(const FieldGroup& field);

/// Whose fields are wanted, and with which variables.
struct Asking {
  const TypeSystem& types;
  const Document& document;
  const Object* variables = nullptr;  ///< Coerced; null while they are not known.
};

/// The fields that `sets` together ask of the object type `type`, in document order; @skip, @include and fragments
/// that do not apply are left out. Stops early when the budget is spent. The error: a condition that is null, or that
/// variables decide which are not known.
std::variant<std::vector<FieldGroup>, RequestError> collect_fields(const Asking& asking, const TypeDefinition& type,
                                                                   SelectionSets sets, WorkBudget& budget);

}  // namespace holdfast::graphql
