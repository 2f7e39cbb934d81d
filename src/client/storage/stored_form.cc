#include "client/storage/stored_form.h"

namespace holdfast::client {
namespace {

void to_double(Value& value) {
  if (const auto* integer = value.as_integer()) {
    value = static_cast<double>(*integer);
  } else if (const auto* floating = value.as_floating(); floating && *floating == 0.0) {
    value = 0.0;
  }
}

}  // namespace

bool has_stored_form(const FieldSchema& field) noexcept {
  return field.kind == FieldKind::scalar && field.scalar == Scalar::floating;
}

void to_stored_form(const FieldSchema& field, Value& value) {
  if (!has_stored_form(field)) return;
  if (auto* list = value.as_list()) {
    for (auto& element : *list) to_double(element);
  } else {
    to_double(value);
  }
}

}  // namespace holdfast::client
