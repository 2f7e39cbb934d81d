#include "graphql/collect_fields.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace holdfast::graphql {
namespace {

// Fragments that spread fragments: no client nests them so deep, and the stack is finite.
constexpr int fragment_nesting_max = 500;

class Collector {
 public:
  Collector(const Asking& asking, const TypeDefinition& type, WorkBudget& budget)
      : asking_(asking), type_(type), budget_(budget) {}

  void collect(const std::vector<Selection>& selections, int nesting) {
    if (nesting > fragment_nesting_max) return;
    for (const auto& selection : selections) {
      if (problem_ || !budget_.spend(1)) return;
      if (!is_included(selection)) continue;
      switch (selection.kind) {
        case Selection::Kind::field: add(selection); break;
        case Selection::Kind::inline_fragment:
          if (applies(selection.type_condition)) collect(selection.selections, nesting + 1);
          break;
        case Selection::Kind::fragment_spread: spread(selection, nesting); break;
      }
    }
  }

  std::variant<std::vector<FieldGroup>, RequestError> take() {
    if (problem_) return *std::move(problem_);
    return std::move(groups_);
  }

 private:
  bool is_included(const Selection& selection) {
    return !says(selection, "skip", true) && !problem_ && !says(selection, "include", false) && !problem_;
  }

  bool says(const Selection& selection, std::string_view name, bool wanted) {
    const auto* condition = directive(selection.directives, name);
    const auto* value = condition ? argument(condition->arguments, "if") : nullptr;
    if (!value) return false;
    if (value->kind != AstValue::Kind::variable) return (value->text == "true") == wanted;
    if (asking_.variables == nullptr) {
      problem_ = RequestError{"Variables decide which fields are asked for.", {value->at}};
      return false;
    }
    if (const auto* given = asking_.variables->at(value->text).as_boolean()) return *given == wanted;
    // Its type is Boolean with a default; but null was given.
    problem_ = RequestError{"Argument \"if\" of non-null type \"Boolean!\" must not be null.", {value->at}};
    return false;
  }

  [[nodiscard]] bool applies(std::string_view condition) const {
    if (condition.empty() || condition == type_.name) return true;
    const auto& possible = asking_.types.possible_types(condition);
    return std::find(possible.begin(), possible.end(), &type_) != possible.end();
  }

  void add(const Selection& field) {
    const auto [place, is_new] = index_.emplace(field.response_name(), groups_.size());
    if (is_new) groups_.push_back({field.response_name(), asking_.types.field(type_, field.name), {}});
    groups_[place->second].selections.push_back(&field);
  }

  void spread(const Selection& selection, int nesting) {
    if (!spread_.insert(selection.name).second) return;
    const auto* fragment = asking_.document.fragment(selection.name);
    if (fragment && applies(fragment->type_condition)) collect(fragment->selections, nesting + 1);
  }

  const Asking& asking_;
  const TypeDefinition& type_;
  WorkBudget& budget_;
  std::vector<FieldGroup> groups_;
  std::unordered_map<std::string_view, std::size_t> index_;  // Looked up, never walked.
  std::set<std::string_view> spread_;
  std::optional<RequestError> problem_;
};

}  // namespace

std::vector<const std::vector<Selection>*> selection_sets(const FieldGroup& field) {
  std::vector<const std::vector<Selection>*> sets;
  sets.reserve(field.selections.size());
  for (const auto* selection : field.selections) sets.push_back(&selection->selections);
  return sets;
}

std::variant<std::vector<FieldGroup>, RequestError> collect_fields(const Asking& asking, const TypeDefinition& type,
                                                                   SelectionSets sets, WorkBudget& budget) {
  Collector collector(asking, type, budget);
  for (const auto* set : sets) collector.collect(*set, 0);
  return collector.take();
}

}  // namespace holdfast::graphql
