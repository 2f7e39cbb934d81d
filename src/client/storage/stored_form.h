// What every storage agrees on: the one form in which a field's value is stored, and the order of the models.
#pragma once

#include <cstddef>

#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::client {

/// The model's place in the schema's list. Asserts that it has one.
[[nodiscard]] std::size_t index_of(const Schema& schema, const ModelSchema& model);

/// True for the fields whose values to_stored_form may change: floating ones.
[[nodiscard]] bool has_stored_form(const FieldSchema& field) noexcept;

/// In floating fields integers become doubles, -0.0 becomes 0.0 and NaN null, in lists too; everything else stays.
void to_stored_form(const FieldSchema& field, Value& value);

}  // namespace holdfast::client
