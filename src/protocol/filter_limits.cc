#include "protocol/filter_limits.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::protocol {
namespace {

/// The fields that one group tests, all of which must hold.
using Group = std::vector<std::string_view>;
/// Groups of which one must hold.
using Groups = std::vector<Group>;

/// Writes a filter as groups, no more of them than `groups_max` + 1: so many tell that there are too many.
class Grouping {
 public:
  explicit Grouping(std::size_t groups_max) : most_(groups_max + 1) {}

  [[nodiscard]] Groups of(const Value& filter) const {
    Groups groups{{}};
    const auto* members = filter.as_object();
    if (members == nullptr) return groups;
    for (const auto& member : *members) {
      if (!member.value.is_null()) groups = both(groups, of_member(member));
    }
    return groups;
  }

 private:
  [[nodiscard]] Groups of_member(const Member& member) const {
    const bool is_and = member.name == "and";
    if (!is_and && member.name != "or") return {{member.name}};
    const auto* children = member.value.as_list();
    if (children == nullptr) return of(member.value);
    Groups groups = is_and ? Groups{{}} : Groups{};
    for (const auto& child : *children) {
      groups = is_and ? both(groups, of(child)) : either(std::move(groups), of(child));
    }
    return groups;
  }

  [[nodiscard]] Groups both(const Groups& left, const Groups& right) const {
    Groups groups;
    for (const auto& first : left) {
      for (const auto& second : right) {
        if (groups.size() == most_) return groups;
        groups.push_back(first);
        groups.back().insert(groups.back().end(), second.begin(), second.end());
      }
    }
    return groups;
  }

  [[nodiscard]] Groups either(Groups left, Groups right) const {
    std::move(right.begin(), right.end(), std::back_inserter(left));
    left.resize(std::min(left.size(), most_));
    return left;
  }

  std::size_t most_;
};

/// The words by which AppSync, and backends like it, refuse a filter.
constexpr std::string_view complaints[] = {
    "UnknownArgument: Unknown field argument filter",
    "Filters exceed maximum attributes limit",
    "Filters combination exceed maximum limit",
    "filter uses same fieldName multiple time",
    "The variables input contains a field name 'not'",
    "The variables input contains a field that is not defined for input object type"};

}  // namespace

bool is_filter_complaint(std::string_view message) noexcept {
  return std::any_of(std::begin(complaints), std::end(complaints), [message](std::string_view complaint) {
    return message.find(complaint) != std::string_view::npos;
  });
}

std::optional<std::string> filter_refusal(const Value& filter, const FilterLimits& limits) {
  auto groups = Grouping(limits.groups).of(filter);
  if (groups.size() > limits.groups) {
    return "Filters combination exceed maximum limit " + std::to_string(limits.groups) + " for subscription.";
  }
  for (auto& group : groups) {
    if (group.size() > limits.fields) {
      return "Filters exceed maximum attributes limit " + std::to_string(limits.fields) + " for subscription.";
    }
    std::sort(group.begin(), group.end());
    const bool repeats = std::adjacent_find(group.begin(), group.end()) != group.end();
    if (repeats && !limits.may_repeat_fields) return "filter uses same fieldName multiple time";
  }
  return std::nullopt;
}

}  // namespace holdfast::protocol
