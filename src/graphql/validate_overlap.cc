// OverlappingFieldsCanBeMerged (section 5.3.2): fields that share a response name must be the same field with the
// same arguments, or be of types that exclude each other; and their results must have one shape.
//
// Every pair of selection sets that may meet in one response object is compared once: field maps are collected once a
// selection set, pairs of fragments and pairs of field map and fragment are remembered. What is left can still grow
// with the square of the document, so each comparison takes from the budget, and nesting has a limit of its own.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

constexpr int nesting_max = 500;                   // Fragments within fragments, far beyond any client's.
constexpr std::size_t conflict_detail_max = 1000;  // As graphql-js.
constexpr std::size_t conflict_location_max = 20;

struct FieldUse {
  const TypeDefinition* parent = nullptr;
  const Selection* selection = nullptr;
  const FieldDefinition* definition = nullptr;
};

/// The fields of a selection set by response name, inline fragments flattened, and the fragments it spreads.
struct FieldMap {
  std::vector<std::pair<std::string_view, std::vector<FieldUse>>> groups = {};
  std::map<std::string_view, std::size_t> index = {};
  std::vector<std::string_view> fragments = {};

  [[nodiscard]] const std::vector<FieldUse>* find(std::string_view name) const {
    const auto found = index.find(name);
    return found == index.end() ? nullptr : &groups[found->second].second;
  }
};

struct Conflict {
  std::string name;
  std::string reason;
  std::vector<Location> left;
  std::vector<Location> right;
};

std::string abbreviated(std::string text) {
  if (text.size() > conflict_detail_max) text = text.substr(0, conflict_detail_max) + "...";
  return text;
}

class OverlapRule : public Visitor {
 public:
  explicit OverlapRule(Validation& validation) : validation_(validation) {}

  void selection_set(const TypeDefinition* parent, const std::vector<Selection>& selections, bool is_inline) override {
    if (is_inline) return;
    conflicts_.clear();
    const auto& fields = collect(parent, selections);
    within(fields);
    const auto& spread = fields.fragments;
    for (std::size_t i = 0; i < spread.size(); ++i) {
      fields_and_fragment(fields, spread[i], false);
      for (auto j = i + 1; j < spread.size(); ++j) fragments(spread[i], spread[j], false);
    }
    for (auto& conflict : conflicts_) report(std::move(conflict));
  }

 private:
  /// Counts one level of nesting; false when there are too many, after reporting it.
  class Nesting {
   public:
    explicit Nesting(OverlapRule& rule) : rule_(rule) { ++rule_.nesting_; }
    ~Nesting() { --rule_.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    [[nodiscard]] bool is_allowed() const {
      return rule_.nesting_ <= nesting_max ? rule_.validation_.spend(1) : rule_.validation_.give_up();
    }

   private:
    OverlapRule& rule_;
  };

  void report(Conflict conflict) {
    auto at = std::move(conflict.left);
    at.insert(at.end(), conflict.right.begin(), conflict.right.end());
    validation_.report("Fields \"" + abbreviated(conflict.name) + "\" conflict because " + conflict.reason +
                           ". Use different aliases on the fields to fetch both if this was intentional.",
                       std::move(at));
  }

  const FieldMap& collect(const TypeDefinition* parent, const std::vector<Selection>& selections) {
    auto& cached = maps_[{parent, &selections}];
    if (!cached) {
      cached = std::make_unique<FieldMap>();
      collect_into(*cached, parent, selections);
    }
    return *cached;
  }

  const FieldMap& collect(const Fragment& fragment) {
    return collect(validation_.types.type(fragment.type_condition), fragment.selections);
  }

  void collect_into(FieldMap& map, const TypeDefinition* parent, const std::vector<Selection>& selections) {
    for (const auto& selection : selections) {
      switch (selection.kind) {
        case Selection::Kind::field: {
          // Only declared fields count: __typename is the same everywhere.
          const auto* definition = parent ? parent->field(selection.name) : nullptr;
          const auto [place, is_new] = map.index.emplace(selection.response_name(), map.groups.size());
          if (is_new) map.groups.push_back({selection.response_name(), {}});
          map.groups[place->second].second.push_back({parent, &selection, definition});
          break;
        }
        case Selection::Kind::fragment_spread:
          if (std::find(map.fragments.begin(), map.fragments.end(), selection.name) == map.fragments.end()) {
            map.fragments.push_back(selection.name);
          }
          break;
        case Selection::Kind::inline_fragment: {
          const auto& condition = selection.type_condition;
          collect_into(map, condition.empty() ? parent : validation_.types.type(condition), selection.selections);
          break;
        }
      }
    }
  }

  void within(const FieldMap& map) {
    for (const auto& [name, uses] : map.groups) {
      for (std::size_t i = 0; i < uses.size(); ++i) {
        for (auto j = i + 1; j < uses.size(); ++j) {
          if (!compare(name, uses[i], uses[j], false)) return;
        }
      }
    }
  }

  void between(const FieldMap& left, const FieldMap& right, bool exclusive) {
    for (const auto& [name, uses] : left.groups) {
      if (!validation_.spend(1)) return;
      const auto* others = right.find(name);
      if (!others) continue;
      for (const auto& use : uses) {
        for (const auto& other : *others) {
          if (!compare(name, use, other, exclusive)) return;
        }
      }
    }
  }

  void fields_and_fragment(const FieldMap& fields, std::string_view name, bool exclusive) {
    const Nesting nesting(*this);
    if (!nesting.is_allowed() || fields.groups.empty()) return;
    // A comparison that was not exclusive covers the exclusive one too.
    const auto [seen, is_new] = seen_with_fields_.emplace(std::pair(&fields, name), exclusive);
    if (!is_new && (!seen->second || exclusive)) return;
    seen->second = exclusive;
    const auto* fragment = validation_.fragment(name);
    if (!fragment) return;
    const auto& other = collect(*fragment);
    if (&other == &fields) return;
    between(fields, other, exclusive);
    for (const auto nested : other.fragments) fields_and_fragment(fields, nested, exclusive);
  }

  void fragments(std::string_view left, std::string_view right, bool exclusive) {
    const Nesting nesting(*this);
    if (!nesting.is_allowed() || left == right) return;
    const auto [seen, is_new] = seen_fragments_.emplace(std::minmax(left, right), exclusive);
    if (!is_new && (!seen->second || exclusive)) return;
    seen->second = exclusive;
    const auto* one = validation_.fragment(left);
    const auto* other = validation_.fragment(right);
    if (!one || !other) return;
    const auto& fields = collect(*one);
    const auto& others = collect(*other);
    between(fields, others, exclusive);
    for (const auto nested : others.fragments) fragments(left, nested, exclusive);
    for (const auto nested : fields.fragments) fragments(nested, right, exclusive);
  }

  /// False when the budget is gone.
  bool compare(std::string_view name, const FieldUse& left, const FieldUse& right, bool parents_exclusive) {
    const Nesting nesting(*this);
    if (!nesting.is_allowed()) return false;
    const bool exclusive = parents_exclusive || (left.parent != right.parent && is_object(left) && is_object(right));
    if (!exclusive) {
      auto reason = difference(*left.selection, *right.selection);
      if (!reason.empty()) return add(name, std::move(reason), left, right);
    }
    if (left.definition && right.definition && conflict(left.definition->type, right.definition->type)) {
      return add(name,
                 "they return conflicting types \"" + left.definition->type.text() + "\" and \"" +
                     right.definition->type.text() + "\"",
                 left, right);
    }
    if (!left.selection->selections.empty() && !right.selection->selections.empty()) {
      subfields(name, left, right, exclusive);
    }
    return true;
  }

  static bool is_object(const FieldUse& use) { return use.parent && use.parent->kind == TypeKind::object; }

  bool add(std::string_view name, std::string reason, const FieldUse& left, const FieldUse& right) {
    conflicts_.push_back({std::string(name), std::move(reason), {left.selection->at}, {right.selection->at}});
    return true;
  }

  void subfields(std::string_view name, const FieldUse& left, const FieldUse& right, bool exclusive) {
    auto outer = std::exchange(conflicts_, {});
    const auto& fields = collect(type_of(left), left.selection->selections);
    const auto& others = collect(type_of(right), right.selection->selections);
    between(fields, others, exclusive);
    for (const auto fragment : others.fragments) fields_and_fragment(fields, fragment, exclusive);
    for (const auto fragment : fields.fragments) fields_and_fragment(others, fragment, exclusive);
    for (const auto one : fields.fragments) {
      for (const auto other : others.fragments) fragments(one, other, exclusive);
    }
    const auto inner = std::exchange(conflicts_, std::move(outer));
    if (!inner.empty()) conflicts_.push_back(combined(name, left, right, inner));
  }

  static Conflict combined(std::string_view name, const FieldUse& left, const FieldUse& right,
                           const std::vector<Conflict>& inner) {
    Conflict sum{std::string(name), {}, {left.selection->at}, {right.selection->at}};
    for (const auto& conflict : inner) {
      if (sum.reason.size() > conflict_detail_max) break;
      if (!sum.reason.empty()) sum.reason += " and ";
      sum.reason += "subfields \"" + abbreviated(conflict.name) + "\" conflict because " + conflict.reason;
      append(sum.left, conflict.left);
      append(sum.right, conflict.right);
    }
    sum.reason = abbreviated(std::move(sum.reason));
    return sum;
  }

  static void append(std::vector<Location>& to, const std::vector<Location>& from) {
    for (const auto& at : from) {
      if (to.size() < conflict_location_max) to.push_back(at);
    }
  }

  [[nodiscard]] const TypeDefinition* type_of(const FieldUse& use) const {
    return use.definition ? validation_.types.type(use.definition->type.innermost()) : nullptr;
  }

  std::string difference(const Selection& left, const Selection& right) {
    if (left.name != right.name) {
      return "\"" + abbreviated(left.name) + "\" and \"" + abbreviated(right.name) + "\" are different fields";
    }
    return same_arguments(left.arguments, right.arguments) ? "" : "they have differing arguments";
  }

  bool same_arguments(const Arguments& left, const Arguments& right) {
    if (left.size() != right.size() || !validation_.spend(left.size() * right.size())) return false;
    return std::all_of(left.begin(), left.end(), [&](const AstField& given) {
      const auto* other = argument(right, given.name);
      return other && same_value(given.value, *other);
    });
  }

  bool same_value(const AstValue& left, const AstValue& right) {
    if (left.kind != right.kind || left.is_block != right.is_block || left.items.size() != right.items.size()) {
      return false;
    }
    if (left.kind == AstValue::Kind::object) return same_arguments(left.fields, right.fields);
    if (left.kind == AstValue::Kind::list) {
      return validation_.spend(left.items.size()) &&
             std::equal(left.items.begin(), left.items.end(), right.items.begin(),
                        [&](const AstValue& one, const AstValue& other) { return same_value(one, other); });
    }
    return left.text == right.text;
  }

  [[nodiscard]] bool conflict(const TypeRef& left, const TypeRef& right) const {
    if (left.is_non_null != right.is_non_null || left.is_list() != right.is_list()) return true;
    if (left.is_list()) return conflict(left.element.front(), right.element.front());
    if (left.name == right.name) return false;
    const auto* one = validation_.types.type(left.name);
    const auto* other = validation_.types.type(right.name);
    return (one && is_leaf(*one)) || (other && is_leaf(*other));
  }

  Validation& validation_;
  std::map<std::pair<const TypeDefinition*, const std::vector<Selection>*>, std::unique_ptr<FieldMap>> maps_;
  std::map<std::pair<const FieldMap*, std::string_view>, bool> seen_with_fields_;
  std::map<std::pair<std::string_view, std::string_view>, bool> seen_fragments_;
  std::vector<Conflict> conflicts_;
  int nesting_ = 0;
};

}  // namespace

void check_overlaps(Validation& validation) {
  OverlapRule rule(validation);
  walk(validation.types, validation.document, rule);
}

}  // namespace holdfast::graphql
