// What values a field may hold.
#pragma once

#include <cstdint>
#include <string>

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast {

/// integer, floating, boolean or string.
Value::Kind scalar_kind(Scalar scalar) noexcept;

/// Whether a number is an Int, which has 32 signed bits on the wire: the service can neither take nor show a larger one.
bool fits_int(std::int64_t number) noexcept;

/// Whether records can be ordered by the field's value with lt, le, gt, ge, between.
bool is_sortable(const FieldSchema& field) noexcept;

/// Whether a non-null value has the field's outer shape: a list of fitting elements, or one fitting element. Enum
/// members and embedded fields are not looked at. An integer fits a Float field.
bool has_shape(const FieldSchema& field, const Value& value);

/// As validate() of a record, for one of its fields. Code: invalid_argument.
Result<void> validate_field(const Schema& schema, const ModelSchema& model, const FieldSchema& field, const Value& value);

/// As a schema writes it: "Int", "[Mood!]!".
std::string type_text(const FieldSchema& field);

/// For messages: "a string", "a list of integers" …
std::string expected_shape(const FieldSchema& field);

}  // namespace holdfast
