// How large a subscription's filter may be, and the words by which AppSync refuses one (spec/protocol.md section 2.6).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "holdfast/value.h"

namespace holdfast::protocol {

/// Of a subscription's filter, written as groups of tests of which one must hold. AppSync takes 5 fields a group, 10
/// groups, and no field twice in a group.
struct FilterLimits {
  std::size_t fields = 100;
  std::size_t groups = 100;
  bool may_repeat_fields = true;
};
inline constexpr FilterLimits appsync_filter_limits{.fields = 5, .groups = 10, .may_repeat_fields = false};

/// Why this well-formed filter is beyond the limits. A device that reads these words subscribes again without the
/// filter and filters by itself.
std::optional<std::string> filter_refusal(const Value& filter, const FilterLimits& limits);

/// Whether a subscription was refused for its filter alone.
bool is_filter_complaint(std::string_view message) noexcept;

}  // namespace holdfast::protocol
