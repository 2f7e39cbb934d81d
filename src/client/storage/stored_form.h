// The one form in which a field's value is stored, so that every storage gives back the same.
#pragma once

#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::client {

/// True for the fields whose values to_stored_form may change: floating ones.
[[nodiscard]] bool has_stored_form(const FieldSchema& field) noexcept;

/// In floating fields integers become doubles and -0.0 becomes 0.0, in lists too; everything else stays.
void to_stored_form(const FieldSchema& field, Value& value);

}  // namespace holdfast::client
