// Fields on the wire: which are selected, in which order, and which values they may have. Internal to the room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

inline constexpr std::string_view version_member = "_version";
inline constexpr std::string_view last_changed_member = "_lastChangedAt";
inline constexpr std::string_view deleted_member = "_deleted";

/// Indexes into `fields` in the order of a selection: scalars and enums, then embedded types; hidden ones left out.
std::vector<std::size_t> selected_fields(const std::vector<FieldSchema>& fields);

/// Whether the value is one that the service may give the field; null always is. A whole floating number becomes
/// the integer that an integer field needs.
bool admit(const FieldSchema& field, Value& value);

/// "Int", "[PostStatus]": for messages.
std::string expected_type(const FieldSchema& field);

}  // namespace holdfast::protocol
