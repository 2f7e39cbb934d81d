// Values into C++ types: the non-template ends of model.h.
#include <algorithm>

#include "holdfast/model.h"

namespace holdfast {

void from_value(Value&& value, bool& target) {
  if (const auto* held = value.as_boolean()) target = *held;
}

void from_value(Value&& value, std::int32_t& target) {
  if (const auto* held = value.as_integer()) target = static_cast<std::int32_t>(*held);
}

void from_value(Value&& value, std::int64_t& target) {
  if (const auto* held = value.as_integer()) target = *held;
}

void from_value(Value&& value, double& target) {
  if (const auto* held = value.as_floating()) target = *held;
  if (const auto* held = value.as_integer()) target = static_cast<double>(*held);
}

void from_value(Value&& value, std::string& target) {
  if (auto* held = value.as_string()) target = std::move(*held);
}

Key key_of_parts(std::vector<Value> parts) {
  const bool is_whole = std::none_of(parts.begin(), parts.end(), [](const Value& part) { return part.is_null(); });
  return is_whole ? Key{std::move(parts)} : Key{};
}

}  // namespace holdfast
