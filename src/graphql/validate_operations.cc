// Rules about operations: UniqueOperationNames, LoneAnonymousOperation, SingleFieldSubscriptions (section 5.2).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

void check_names(Validation& validation) {
  std::map<std::string_view, Location> known;
  for (const auto& operation : validation.document.operations) {
    if (operation.name.empty()) {
      if (validation.document.operations.size() > 1) {
        validation.report("This anonymous operation must be the only defined operation.", {operation.at});
      }
      continue;
    }
    const auto [first, is_new] = known.emplace(operation.name, operation.at);
    if (is_new) continue;
    validation.report("There can be only one operation named \"" + operation.name + "\".",
                      {first->second, operation.at});
  }
}

// The root fields of one subscription by response name, with fragments expanded. Each fragment counts once.
class RootFields {
 public:
  RootFields(Validation& validation, const TypeDefinition& root) : validation_(validation), root_(root) {}

  void collect(const std::vector<Selection>& selections) {
    for (const auto& selection : selections) {
      if (!validation_.spend(1) || is_left_out(selection)) continue;
      switch (selection.kind) {
        case Selection::Kind::field: add(selection); break;
        case Selection::Kind::inline_fragment:
          if (applies(selection.type_condition)) collect(selection.selections);
          break;
        case Selection::Kind::fragment_spread: spread(selection); break;
      }
    }
  }

  /// Fields that come from fragments spread at the root follow; a queue keeps the stack flat.
  void collect_spreads() {
    for (std::size_t next = 0; next < pending_.size(); ++next) collect(pending_[next]->selections);
  }

  [[nodiscard]] const std::vector<std::vector<const Selection*>>& groups() const { return groups_; }

 private:
  // Variables have no values yet: only literal conditions count.
  static bool is_left_out(const Selection& selection) {
    const auto says = [&](std::string_view name, std::string_view text) {
      const auto* condition = directive(selection.directives, name);
      const auto* value = condition ? argument(condition->arguments, "if") : nullptr;
      return value && value->kind == AstValue::Kind::boolean && value->text == text;
    };
    return says("skip", "true") || says("include", "false");
  }

  [[nodiscard]] bool applies(std::string_view condition) const {
    if (condition.empty() || condition == root_.name) return true;
    const auto& possible = validation_.types.possible_types(condition);
    return std::find(possible.begin(), possible.end(), &root_) != possible.end();
  }

  void add(const Selection& field) {
    const auto [place, is_new] = index_.emplace(field.response_name(), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[place->second].push_back(&field);
  }

  void spread(const Selection& selection) {
    if (!spread_.insert(selection.name).second) return;
    const auto* fragment = validation_.fragment(selection.name);
    if (fragment && applies(fragment->type_condition)) pending_.push_back(fragment);
  }

  Validation& validation_;
  const TypeDefinition& root_;
  std::map<std::string_view, std::size_t> index_;
  std::vector<std::vector<const Selection*>> groups_;
  std::set<std::string_view> spread_;
  std::vector<const Fragment*> pending_;
};

void check_subscription(Validation& validation, const Operation& operation, const TypeDefinition& root) {
  RootFields fields(validation, root);
  fields.collect(operation.selections);
  fields.collect_spreads();
  const auto subject = operation.name.empty() ? "Anonymous Subscription" : "Subscription \"" + operation.name + "\"";
  if (fields.groups().size() > 1) {
    std::vector<Location> extra;
    for (std::size_t i = 1; i < fields.groups().size(); ++i) {
      for (const auto* field : fields.groups()[i]) extra.push_back(field->at);
    }
    validation.report(subject + " must select only one top level field.", std::move(extra));
  }
  for (const auto& group : fields.groups()) {
    if (!group.front()->name.starts_with("__")) continue;
    std::vector<Location> at;
    for (const auto* field : group) at.push_back(field->at);
    validation.report(subject + " must not select an introspection top level field.", std::move(at));
  }
}

}  // namespace

void check_operations(Validation& validation) {
  check_names(validation);
  const auto* root = validation.types.root(OperationType::subscription);
  if (!root) return;
  for (const auto& operation : validation.document.operations) {
    if (operation.type == OperationType::subscription) check_subscription(validation, operation, *root);
  }
}

}  // namespace holdfast::graphql
