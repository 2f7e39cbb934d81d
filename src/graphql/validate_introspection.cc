// MaxIntrospectionDepth: lists of types within lists of types multiply the answer, so three of them are refused.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

constexpr int list_depth_max = 3;

class IntrospectionDepth : public Visitor {
 public:
  explicit IntrospectionDepth(Validation& validation) : validation_(validation) {}

  void field(const FieldPlace& place) override {
    if (place.selection.name != "__schema" && place.selection.name != "__type") return;
    if (!is_too_deep(place.selection.selections)) return;
    validation_.report("Maximum introspection depth exceeded", {place.selection.at});
  }

 private:
  static bool is_list(std::string_view name) {
    constexpr std::array<std::string_view, 4> lists{"fields", "interfaces", "possibleTypes", "inputFields"};
    return std::find(lists.begin(), lists.end(), name) != lists.end();
  }

  // Each fragment is entered at most once a depth, which bounds the search.
  bool is_too_deep(const std::vector<Selection>& root) {
    std::map<std::string_view, int> deepest;
    std::vector<std::pair<const std::vector<Selection>*, int>> open{{&root, 0}};
    while (!open.empty()) {
      const auto [selections, depth] = open.back();
      open.pop_back();
      for (const auto& selection : *selections) {
        if (!validation_.spend(1)) return false;
        if (selection.kind == Selection::Kind::fragment_spread) {
          const auto* fragment = validation_.fragment(selection.name);
          if (!fragment) continue;
          const auto [known, is_new] = deepest.emplace(selection.name, depth);
          if (!is_new && std::exchange(known->second, std::max(known->second, depth)) >= depth) continue;
          open.emplace_back(&fragment->selections, depth);
          continue;
        }
        const bool deeper = selection.kind == Selection::Kind::field && is_list(selection.name);
        if (deeper && depth + 1 >= list_depth_max) return true;
        if (!selection.selections.empty()) open.emplace_back(&selection.selections, depth + (deeper ? 1 : 0));
      }
    }
    return false;
  }

  Validation& validation_;
};

}  // namespace

void check_introspection(Validation& validation) {
  IntrospectionDepth rule(validation);
  walk(validation.types, validation.document, rule);
}

}  // namespace holdfast::graphql
