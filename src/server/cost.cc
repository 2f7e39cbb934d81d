#include "server/cost.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <string_view>
#include <vector>

namespace holdfast::server {
namespace {

using graphql::AstValue;
using graphql::Selection;

constexpr auto cost_highest = std::numeric_limits<std::uint64_t>::max();

std::uint64_t sum(std::uint64_t left, std::uint64_t right) {
  return left > cost_highest - right ? cost_highest : left + right;
}

std::uint64_t product(std::uint64_t left, std::uint64_t right) {
  return right != 0 && left > cost_highest / right ? cost_highest : left * right;
}

class Costing {
 public:
  Costing(const graphql::TypeSystem& types, const Routes& routes, const graphql::Document& document,
          const Object& variables, std::uint32_t page_rows_max)
      : types_(types), routes_(routes), document_(document), variables_(variables), page_rows_max_(page_rows_max) {}

  std::uint64_t of(const graphql::TypeDefinition* parent, const std::vector<Selection>& selections) {
    std::uint64_t cost = 0;
    for (const auto& selection : selections) cost = sum(cost, of(parent, selection));
    return cost;
  }

 private:
  std::uint64_t of(const graphql::TypeDefinition* parent, const Selection& selection) {
    if (selection.kind == Selection::Kind::field && selection.selections.empty()) return 1;
    switch (selection.kind) {
      case Selection::Kind::field: break;
      case Selection::Kind::fragment_spread: return of_fragment(selection.name);
      case Selection::Kind::inline_fragment:
        return of(selection.type_condition.empty() ? parent : types_.type(selection.type_condition),
                  selection.selections);
    }
    const auto* field = parent == nullptr ? nullptr : types_.field(*parent, selection.name);
    if (field == nullptr) return 1;
    const auto inside = of(types_.type(field->type.innermost()), selection.selections);
    return sum(1, product(rows(*parent, *field, selection), inside));
  }

  /// Each is counted once. Validation leaves no cycles.
  std::uint64_t of_fragment(std::string_view name) {
    const auto known = fragments_.find(name);
    if (known != fragments_.end()) return known->second;
    const auto* fragment = document_.fragment(name);
    const auto cost = fragment == nullptr ? 0 : of(types_.type(fragment->type_condition), fragment->selections);
    return fragments_[name] = cost;
  }

  [[nodiscard]] std::uint64_t rows(const graphql::TypeDefinition& parent, const graphql::FieldDefinition& field,
                                   const Selection& selection) const {
    if (field.argument("limit") == nullptr) return 1;
    auto asked = limit(selection);
    if (!asked) {
      const auto* route = routes_.find(parent.name, field.name);
      asked = route == nullptr ? default_limit : route->page_rows;
    }
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(*asked, 1, page_rows_max_));
  }

  [[nodiscard]] std::optional<std::int64_t> limit(const Selection& selection) const {
    const auto* given = graphql::argument(selection.arguments, "limit");
    if (given == nullptr) return std::nullopt;
    if (given->kind == AstValue::Kind::variable) {
      const auto* value = variables_.at(given->text).as_integer();
      return value == nullptr ? std::nullopt : std::optional(*value);
    }
    std::int64_t value = 0;
    const auto& text = given->text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
  }

  const graphql::TypeSystem& types_;
  const Routes& routes_;
  const graphql::Document& document_;
  const Object& variables_;
  std::uint32_t page_rows_max_;
  std::map<std::string_view, std::uint64_t> fragments_;
};

}  // namespace

std::uint64_t cost_of(const graphql::TypeSystem& types, const Routes& routes, const graphql::Document& document,
                      const graphql::Operation& operation, const Object& variables, std::uint32_t page_rows_max) {
  Costing costing(types, routes, document, variables, page_rows_max);
  return costing.of(types.root(operation.type), operation.selections);
}

}  // namespace holdfast::server
