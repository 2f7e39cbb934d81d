// The same member of many like objects, one after the other: it mostly stands where it stood in the one before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/json_rows.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// A null that lives for ever.
inline const Value null_value;

class MemberReader {
 public:
  explicit MemberReader(std::string_view name) : name_(name) {}

  /// Of an object; a null when it has none, or is no object.
  const Value* read(const Value* parent) {
    const auto* object = parent ? parent->as_object() : nullptr;
    if (!object) return &null_value;
    if (position_ < object->size() && (object->begin() + position_)->name == name_) {
      return &(object->begin() + position_)->value;
    }
    const auto found =
        std::find_if(object->begin(), object->end(), [this](const Member& member) { return member.name == name_; });
    if (found == object->end()) return &null_value;
    position_ = static_cast<std::size_t>(found - object->begin());
    return &found->value;
  }

  /// Where these rows have it; nothing when they have not.
  std::optional<std::size_t> column(const json::Rows& rows) {
    const auto& names = rows.names();
    if (position_ < names.size() && names[position_] == name_) return position_;
    const auto found = std::find(names.begin(), names.end(), name_);
    if (found == names.end()) return std::nullopt;
    position_ = static_cast<std::size_t>(found - names.begin());
    return position_;
  }

 private:
  std::string_view name_;
  std::size_t position_ = 0;
};

}  // namespace holdfast::graphql
