// Whether a record may be stored: every value of its field's type, required ones present.
#include <algorithm>

#include "holdfast/record.h"
#include "model/scalars.h"

namespace holdfast {
namespace {

// Embedded types may contain each other; a value this deep is no value that a user typed.
constexpr int depth_max = 50;

struct Place {
  const Schema& schema;
  std::string path;
  int depth = 0;
  const Place* around = nullptr;         ///< Null for the record itself.
  const EmbeddedSchema* type = nullptr;  ///< Whose value this is; null for the record.
};

/// How many values of the type the place is inside of.
std::size_t repeats(const Place& place, const EmbeddedSchema& type) {
  std::size_t count = 0;
  for (const auto* one = &place; one != nullptr; one = one->around) count += one->type == &type ? 1 : 0;
  return count;
}

Error wrong(const Place& place, const FieldSchema& field, std::string_view what) {
  return {Code::invalid_argument, place.path + "." + field.name + ": " + std::string(what)};
}

Result<void> validate_field(const Place& place, const FieldSchema& field, const Value& value);

Result<void> validate_embedded(const Place& place, const FieldSchema& field, const Value& value) {
  const auto* type = place.schema.embedded_type(field.type_name);
  if (!type) return wrong(place, field, "the schema has no type " + field.type_name);
  if (place.depth >= depth_max) return wrong(place, field, "objects are nested too deeply");
  if (repeats(place, *type) > type->repeats) {
    return wrong(place, field,
                 "a " + type->name + " stands inside itself more than " + std::to_string(type->repeats) +
                     " times, deeper than devices read it back; keep deep trees as models that relate to themselves");
  }
  const Place inside{place.schema, place.path + "." + field.name, place.depth + 1, &place, type};
  for (const auto& member : *value.as_object()) {
    const auto known = [&](const FieldSchema& one) { return one.name == member.name; };
    if (std::none_of(type->fields.begin(), type->fields.end(), known)) {
      return wrong(place, field, type->name + " has no field \"" + member.name + "\"");
    }
  }
  for (const auto& one : type->fields) {
    if (auto valid = validate_field(inside, one, value[one.name]); !valid) return valid;
  }
  return {};
}

Result<void> validate_element(const Place& place, const FieldSchema& field, const Value& value) {
  if (value.is_null() || field.kind == FieldKind::scalar) return {};
  if (field.kind == FieldKind::embedded) return validate_embedded(place, field, value);
  const auto* type = place.schema.enumeration(field.type_name);
  const bool is_member = type && std::find(type->values.begin(), type->values.end(), *value.as_string()) != type->values.end();
  if (is_member) return {};
  return wrong(place, field, "\"" + *value.as_string() + "\" is not a value of " + field.type_name);
}

Result<void> validate_field(const Place& place, const FieldSchema& field, const Value& value) {
  if (value.is_null()) {
    if (!field.refuses_null() || field.is_read_only) return {};
    return wrong(place, field, "is required");
  }
  if (!has_shape(field, value)) {
    return wrong(place, field, "needs " + expected_shape(field) + ", not a " + std::string(kind_name(value.kind())));
  }
  if (!field.is_list) return validate_element(place, field, value);
  for (const auto& element : *value.as_list()) {
    if (auto valid = validate_element(place, field, element); !valid) return valid;
  }
  return {};
}

}  // namespace

Result<void> validate(const Schema& schema, const Record& record) {
  const Place place{schema, record.model->name};
  for (std::size_t at = 0; at < record.model->fields.size(); ++at) {
    const auto& field = record.model->fields[at];
    if (record.model->is_key(field.name) && record.values[at].is_null()) return wrong(place, field, "is part of the key and required");
    if (auto valid = validate_field(place, field, record.values[at]); !valid) return valid;
  }
  return {};
}

}  // namespace holdfast
