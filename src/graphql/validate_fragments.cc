// Rules about fragments: UniqueFragmentNames, KnownTypeNames, FragmentsOnCompositeTypes, KnownFragmentNames,
// NoUnusedFragments, PossibleFragmentSpreads, NoFragmentCycles (section 5.5).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

class FragmentRules : public Visitor {
 public:
  explicit FragmentRules(Validation& validation) : validation_(validation) {}

  void enter_fragment(const Fragment& fragment) override {
    const auto [first, is_new] = known_.emplace(fragment.name, fragment.at);
    if (!is_new) {
      validation_.report("There can be only one fragment named \"" + fragment.name + "\".",
                         {first->second, fragment.at});
    }
    check_condition(fragment.type_condition, "Fragment \"" + fragment.name + "\"", fragment.at);
  }

  void inline_fragment(const TypeDefinition* parent, const TypeDefinition* type, const Selection& fragment) override {
    if (!fragment.type_condition.empty()) check_condition(fragment.type_condition, "Fragment", fragment.at);
    if (!type || !parent || !is_composite(*type) || overlap(*type, *parent)) return;
    validation_.report("Fragment cannot be spread here as objects of type \"" + parent->name +
                           "\" can never be of type \"" + type->name + "\".",
                       {fragment.at});
  }

  void spread(const TypeDefinition* parent, const Selection& spread) override {
    const auto* fragment = validation_.fragment(spread.name);
    if (!fragment) {
      validation_.report("Unknown fragment \"" + spread.name + "\".", {spread.at});
      return;
    }
    const auto* type = validation_.types.type(fragment->type_condition);
    if (!type || !parent || !is_composite(*type) || overlap(*type, *parent)) return;
    validation_.report("Fragment \"" + spread.name + "\" cannot be spread here as objects of type \"" + parent->name +
                           "\" can never be of type \"" + type->name + "\".",
                       {spread.at});
  }

 private:
  void check_condition(const std::string& name, const std::string& subject, Location at) {
    const auto* type = validation_.types.type(name);
    if (!type) {
      validation_.report("Unknown type \"" + name + "\".", {at});
    } else if (!is_composite(*type)) {
      validation_.report(subject + " cannot condition on non composite type \"" + name + "\".", {at});
    }
  }

  [[nodiscard]] bool overlap(const TypeDefinition& left, const TypeDefinition& right) const {
    if (&left == &right) return true;
    const auto& one = validation_.types.possible_types(left.name);
    const auto& other = validation_.types.possible_types(right.name);
    return std::find_first_of(one.begin(), one.end(), other.begin(), other.end()) != one.end();
  }

  Validation& validation_;
  std::map<std::string_view, Location> known_;
};

void check_unused(Validation& validation) {
  std::set<std::string_view> used;
  std::vector<const std::vector<Selection>*> open;
  for (const auto& operation : validation.document.operations) open.push_back(&operation.selections);
  while (!open.empty()) {
    const auto* next = open.back();
    open.pop_back();
    for (const auto* spread : validation.spreads(*next)) {
      const auto* fragment = validation.fragment(spread->name);
      if (fragment && used.insert(fragment->name).second) open.push_back(&fragment->selections);
    }
  }
  for (const auto& fragment : validation.document.fragments) {
    if (used.contains(fragment.name)) continue;
    validation.report("Fragment \"" + fragment.name + "\" is never used.", {fragment.at});
  }
}

// A depth-first search with a stack of its own: chains of fragments may be as long as the document.
class CycleSearch {
 public:
  explicit CycleSearch(Validation& validation) : validation_(validation) {}

  void from(const Fragment& start) {
    enter(start);
    while (!frames_.empty()) {
      auto& frame = frames_.back();
      if (frame.next == frame.spreads->size()) {
        leave();
      } else {
        follow(*(*frame.spreads)[frame.next++]);
      }
    }
  }

 private:
  struct Frame {
    const Fragment* fragment = nullptr;
    const std::vector<const Selection*>* spreads = nullptr;
    std::size_t next = 0;
  };

  void enter(const Fragment& fragment) {
    if (!visited_.insert(fragment.name).second) return;
    depth_by_name_[fragment.name] = frames_.size();
    frames_.push_back({&fragment, &validation_.spreads(fragment.selections), 0});
  }

  void leave() {
    depth_by_name_.erase(frames_.back().fragment->name);
    frames_.pop_back();
  }

  void follow(const Selection& spread) {
    const auto open = depth_by_name_.find(spread.name);
    if (open != depth_by_name_.end()) {
      report(spread, open->second);
    } else if (const auto* fragment = validation_.fragment(spread.name)) {
      enter(*fragment);
    }
  }

  void report(const Selection& closing, std::size_t first) {
    if (!validation_.spend(frames_.size() - first)) return;
    std::string via;
    std::vector<Location> at;
    for (auto depth = first; depth + 1 < frames_.size(); ++depth) {
      const auto& frame = frames_[depth];
      const auto& spread = *(*frame.spreads)[frame.next - 1];
      via += (via.empty() ? " via \"" : ", \"") + spread.name + "\"";
      at.push_back(spread.at);
    }
    at.push_back(closing.at);
    validation_.report("Cannot spread fragment \"" + closing.name + "\" within itself" + via + ".", std::move(at));
  }

  Validation& validation_;
  std::set<std::string_view> visited_;
  std::map<std::string_view, std::size_t> depth_by_name_;
  std::vector<Frame> frames_;
};

}  // namespace

void check_fragments(Validation& validation) {
  FragmentRules rules(validation);
  walk(validation.types, validation.document, rules);
  check_unused(validation);
  CycleSearch search(validation);
  for (const auto& fragment : validation.document.fragments) search.from(fragment);
}

}  // namespace holdfast::graphql
