#include "protocol/fields.h"

#include <cmath>
#include <string>

namespace holdfast::protocol {
namespace {

// Up to here every whole double is exactly one integer.
constexpr double exact_integer_max = 9007199254740992.0;

bool admit_integer(Value& value) {
  if (value.as_integer()) return true;
  const auto* floating = value.as_floating();
  if (!floating || std::trunc(*floating) != *floating || std::abs(*floating) > exact_integer_max) return false;
  value = static_cast<std::int64_t>(*floating);
  return true;
}

// Services write 8.0 as 8; a record holds one kind only, so that equal rows compare equal.
bool admit_floating(Value& value) {
  if (const auto* integer = value.as_integer()) value = static_cast<double>(*integer);
  return value.as_floating() != nullptr;
}

bool admit_scalar(Scalar scalar, Value& value) {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return admit_integer(value);
    case Scalar::floating: return admit_floating(value);
    case Scalar::boolean: return value.as_boolean() != nullptr;
    default: return value.as_string() != nullptr;
  }
}

bool admit_element(const FieldSchema& field, Value& value) {
  if (value.is_null()) return true;
  switch (field.kind) {
    case FieldKind::scalar: return admit_scalar(field.scalar, value);
    case FieldKind::enumeration: return value.as_string() != nullptr;
    case FieldKind::embedded: return value.as_object() != nullptr;
  }
  return false;
}

}  // namespace

std::vector<std::size_t> selected_fields(const std::vector<FieldSchema>& fields) {
  std::vector<std::size_t> selected;
  for (const bool wants_embedded : {false, true}) {
    for (std::size_t at = 0; at < fields.size(); ++at) {
      const bool is_embedded = fields[at].kind == FieldKind::embedded;
      if (!fields[at].is_hidden && is_embedded == wants_embedded) selected.push_back(at);
    }
  }
  return selected;
}

bool admit(const FieldSchema& field, Value& value) {
  if (!field.is_list || value.is_null()) return admit_element(field, value);
  auto* list = value.as_list();
  if (!list) return false;
  for (auto& element : *list) {
    if (!admit_element(field, element)) return false;
  }
  return true;
}

std::string expected_type(const FieldSchema& field) {
  auto name = field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
  return field.is_list ? "[" + name + "]" : name;
}

}  // namespace holdfast::protocol
