// Whether a record may be stored: every value of its field's type, required ones present.
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "holdfast/record.h"
#include "model/scalar_text.h"
#include "model/scalars.h"

namespace holdfast {
namespace {

// Embedded types may contain each other; a value this deep is no value that a user typed.
constexpr int depth_max = 50;
// Of a wrong value in a message; what is longer is named by its kind alone.
constexpr std::size_t shown_bytes_max = 60;

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

/// "a list of string, null": every kind of element once.
std::string described(const List& list) {
  std::vector<std::string_view> kinds;
  for (const auto& element : list) {
    const auto kind = kind_name(element.kind());
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  std::string out = "a list";
  for (const auto kind : kinds) out += (kind == kinds.front() ? " of " : ", ") + std::string(kind);
  return out;
}

/// "the integer 3"; "an object".
std::string described(const Value& value) {
  if (const auto* list = value.as_list()) return described(*list);
  if (value.as_object()) return "an object";
  const std::string word(kind_name(value.kind()));
  // JSON has no form for NaN and the infinities, which are refused here.
  if (const auto* number = value.as_floating(); number && !std::isfinite(*number)) return "a number that is not finite";
  const auto text = json::write(value);
  return text.size() <= shown_bytes_max ? "the " + word + " " + text
                                        : "this " + word + " of " + std::to_string(text.size()) + " bytes";
}

/// A number or a text as the service takes it: a value that it refuses would be lost there.
Result<void> validate_scalar(const Place& place, const FieldSchema& field, const Value& value) {
  if (field.is_read_only) return {};
  const auto* integer = value.as_integer();
  if (integer != nullptr && field.scalar == Scalar::integer && !fits_int(*integer)) {
    return wrong(place, field, "needs an Int, which is -2147483648 to 2147483647, not " + described(value));
  }
  const auto* text = value.as_string();
  if (!text || fits_scalar(field.scalar, *text)) return {};
  return wrong(place, field, "needs an " + std::string(graphql_name(field.scalar)) + " " +
                                 std::string(scalar_form(field.scalar)) + ", not " + described(value));
}

Result<void> validate_element(const Place& place, const FieldSchema& field, const Value& value) {
  if (value.is_null()) return {};
  if (field.kind == FieldKind::scalar) return validate_scalar(place, field, value);
  if (field.kind == FieldKind::embedded) return validate_embedded(place, field, value);
  const auto* type = place.schema.enumeration(field.type_name);
  const bool is_member =
      type && std::find(type->values.begin(), type->values.end(), *value.as_string()) != type->values.end();
  if (is_member) return {};
  return wrong(place, field, "\"" + *value.as_string() + "\" is not a value of " + field.type_name);
}

Result<void> validate_field(const Place& place, const FieldSchema& field, const Value& value) {
  if (value.is_null()) {
    if (!field.refuses_null() || field.is_read_only) return {};
    return wrong(place, field, "is required");
  }
  if (!has_shape(field, value)) {
    return wrong(place, field, "needs " + expected_shape(field) + ", not " + described(value));
  }
  if (!field.is_list) return validate_element(place, field, value);
  for (const auto& element : *value.as_list()) {
    if (auto valid = validate_element(place, field, element); !valid) return valid;
  }
  return {};
}

}  // namespace

Result<void> validate_field(const Schema& schema, const ModelSchema& model, const FieldSchema& field,
                            const Value& value) {
  return validate_field(Place{schema, model.name}, field, value);
}

Result<void> validate(const Schema& schema, const Record& record) {
  const Place place{schema, record.model->name};
  for (std::size_t at = 0; at < record.model->fields.size(); ++at) {
    const auto& field = record.model->fields[at];
    const auto* text = record.values[at].as_string();
    const bool is_empty = record.values[at].is_null() || (text && text->empty());
    if (is_empty && record.model->is_key(field.name)) return wrong(place, field, "is part of the key and required");
    if (auto valid = validate_field(place, field, record.values[at]); !valid) return valid;
  }
  return {};
}

}  // namespace holdfast
