// Rules about variables: UniqueVariableNames, KnownTypeNames, VariablesAreInputTypes, NoUndefinedVariables,
// NoUnusedVariables, VariablesInAllowedPosition (section 5.8).
#include <map>
#include <set>
#include <string>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

struct Usage {
  const AstValue* variable = nullptr;
  ValuePlace place = {};
};

/// Checks definitions on the way, and collects where each operation and fragment uses variables.
class VariableUsages : public Visitor {
 public:
  explicit VariableUsages(Validation& validation) : validation_(validation) {}

  void enter_operation(const Operation& operation) override {
    current_ = &by_owner_[&operation];
    check_unique(operation);
  }
  void enter_fragment(const Fragment& fragment) override { current_ = &by_owner_[&fragment]; }

  void variable(const VariableDefinition& definition) override {
    const auto* type = validation_.types.type(definition.type.innermost());
    if (!type) {
      validation_.report("Unknown type \"" + definition.type.innermost() + "\".", {definition.type.at});
    } else if (!is_input(*type)) {
      validation_.report(
          "Variable \"$" + definition.name + "\" cannot be non-input type \"" + definition.type.text() + "\".",
          {definition.type.at});
    }
  }

  bool value(const ValuePlace& place, const AstValue& value) override {
    if (value.kind == AstValue::Kind::variable) current_->push_back({&value, place});
    return true;
  }

  [[nodiscard]] const std::vector<Usage>& of(const void* owner) const { return by_owner_.at(owner); }

 private:
  void check_unique(const Operation& operation) {
    std::map<std::string_view, std::vector<Location>> places;
    for (const auto& variable : operation.variables) places[variable.name].push_back(variable.at);
    for (auto& [name, at] : places) {
      if (at.size() < 2) continue;
      validation_.report("There can be only one variable named \"$" + std::string(name) + "\".", std::move(at));
    }
  }

  Validation& validation_;
  std::map<const void*, std::vector<Usage>> by_owner_;
  std::vector<Usage>* current_ = nullptr;
};

class OperationVariables {
 public:
  OperationVariables(Validation& validation, const Operation& operation)
      : validation_(validation), operation_(operation) {
    for (const auto& variable : operation.variables) definitions_[variable.name] = &variable;
  }

  void check(const Usage& usage) {
    const auto found = definitions_.find(usage.variable->text);
    if (found == definitions_.end()) {
      validation_.report("Variable \"$" + usage.variable->text + "\" is not defined" + by_operation("by") + ".",
                         {usage.variable->at, operation_.at});
      return;
    }
    used_.insert(usage.variable->text);
    const auto& definition = *found->second;
    if (!usage.place.type || !validation_.types.type(definition.type.innermost())) return;
    if (is_allowed(definition, usage.place)) return;
    validation_.report("Variable \"$" + definition.name + "\" of type \"" + definition.type.text() +
                           "\" used in position expecting type \"" + usage.place.expected().text() + "\".",
                       {definition.at, usage.variable->at});
  }

  void check_unused() {
    for (const auto& variable : operation_.variables) {
      if (used_.contains(variable.name)) continue;
      validation_.report("Variable \"$" + variable.name + "\" is never used" + by_operation("in") + ".", {variable.at});
    }
  }

 private:
  [[nodiscard]] std::string by_operation(std::string_view preposition) const {
    if (operation_.name.empty()) return "";
    return " " + std::string(preposition) + " operation \"" + operation_.name + "\"";
  }

  [[nodiscard]] bool is_allowed(const VariableDefinition& definition, const ValuePlace& place) const {
    auto expected = place.expected();
    if (!expected.is_non_null || definition.type.is_non_null) {
      return is_subtype(validation_.types, definition.type, expected);
    }
    const bool has_value = definition.default_value && definition.default_value->kind != AstValue::Kind::null;
    if (!has_value && !place.has_default) return false;
    expected.is_non_null = false;
    return is_subtype(validation_.types, definition.type, expected);
  }

  Validation& validation_;
  const Operation& operation_;
  std::map<std::string_view, const VariableDefinition*> definitions_;
  std::set<std::string_view> used_;
};

}  // namespace

void check_variables(Validation& validation) {
  VariableUsages usages(validation);
  walk(validation.types, validation.document, usages);
  for (const auto& operation : validation.document.operations) {
    OperationVariables variables(validation, operation);
    for (const auto& usage : usages.of(&operation)) variables.check(usage);
    for (const auto* fragment : validation.reachable(operation.selections)) {
      const auto& used = usages.of(fragment);
      // Many operations may reach the same fragments: this product is what the budget bounds.
      if (!validation.spend(used.size() + 1)) return;
      for (const auto& usage : used) variables.check(usage);
    }
    variables.check_unused();
  }
}

}  // namespace holdfast::graphql
