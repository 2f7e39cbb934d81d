#include "model/scalars.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace holdfast {
namespace {

bool is_element(const FieldSchema& field, const Value& value) {
  if (field.kind == FieldKind::embedded) return value.as_object() != nullptr;
  if (field.kind == FieldKind::enumeration) return value.as_string() != nullptr;
  // NaN and infinities cross neither JSON nor SQLite.
  if (const auto* number = value.as_floating(); number && !std::isfinite(*number)) return false;
  const auto kind = scalar_kind(field.scalar);
  if (kind == Value::Kind::floating && value.as_integer()) return true;
  return value.kind() == kind;
}

}  // namespace

Value::Kind scalar_kind(Scalar scalar) noexcept {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return Value::Kind::integer;
    case Scalar::floating: return Value::Kind::floating;
    case Scalar::boolean: return Value::Kind::boolean;
    default: return Value::Kind::string;
  }
}

bool fits_int(std::int64_t number) noexcept {
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

bool is_sortable(const FieldSchema& field) noexcept {
  if (field.is_list || field.kind == FieldKind::embedded) return false;
  return field.kind == FieldKind::enumeration || field.scalar != Scalar::boolean;
}

bool has_shape(const FieldSchema& field, const Value& value) {
  if (!field.is_list) return is_element(field, value);
  const auto* list = value.as_list();
  return list && std::all_of(list->begin(), list->end(), [&](const Value& element) {
           return element.is_null() ? !field.is_required : is_element(field, element);
         });
}

std::string type_text(const FieldSchema& field) {
  auto text = field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
  if (field.is_required) text += '!';
  if (field.is_list) text = "[" + text + (field.is_list_required ? "]!" : "]");
  return text;
}

std::string expected_shape(const FieldSchema& field) {
  const auto word = [&]() -> std::string {
    if (field.kind == FieldKind::embedded) return field.type_name + " object";
    if (field.kind == FieldKind::enumeration) return field.type_name + " name";
    return std::string(graphql_name(field.scalar));
  }();
  return field.is_list ? "a list of " + word + " values" : "a value of type " + word;
}

}  // namespace holdfast
