#include "model/type_change.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "model/scalar_text.h"
#include "model/scalars.h"

namespace holdfast {
namespace {

// Values nested deeper are none that a user typed; embedded types may contain each other.
constexpr int depth_max = 50;
// Doubles hold every integer up to here.
constexpr double exact_max = 9'007'199'254'740'992.0;

const FieldSchema* named(const std::vector<FieldSchema>& fields, const std::string& name) noexcept {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FieldSchema& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

// --- types ---------------------------------------------------------------------------------------------------

/// Pairs of embedded types that are being compared: their cycles say nothing new.
using Open = std::set<std::pair<std::string, std::string>>;

Fit fit_fields(const SchemaPair& schemas, const std::vector<FieldSchema>& was, const std::vector<FieldSchema>& is,
               Open& open);

Fit fit_scalars(const FieldSchema& was, const FieldSchema& is) {
  if (was.scalar == is.scalar) return Fit::same;
  return holds_every(is.scalar, was.scalar) ? Fit::widened : Fit::lossy;
}

Fit fit_enums(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is) {
  const auto* narrower = schemas.was.enumeration(was.type_name);
  const auto* wider = schemas.is.enumeration(is.type_name);
  if (!narrower || !wider || !holds_every(*wider, *narrower)) return Fit::lossy;
  return was.type_name == is.type_name && holds_every(*narrower, *wider) ? Fit::same : Fit::widened;
}

Fit fit_elements(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Open& open) {
  if (was.kind == FieldKind::scalar && is.kind == FieldKind::scalar) return fit_scalars(was, is);
  if (was.kind == FieldKind::enumeration && is.kind == FieldKind::enumeration) return fit_enums(schemas, was, is);
  if (was.kind == FieldKind::enumeration && is.kind == FieldKind::scalar) {
    return holds_every(is.scalar, Scalar::string) ? Fit::widened : Fit::lossy;
  }
  if (was.kind != FieldKind::embedded || is.kind != FieldKind::embedded) return Fit::lossy;
  const auto* old_type = schemas.was.embedded_type(was.type_name);
  const auto* new_type = schemas.is.embedded_type(is.type_name);
  if (!old_type || !new_type) return Fit::lossy;
  if (!open.insert({was.type_name, is.type_name}).second) return Fit::same;
  return fit_fields(schemas, old_type->fields, new_type->fields, open);
}

Fit fit_nulls(const FieldSchema& was, const FieldSchema& is) {
  if (was.is_list && is.is_required && !was.is_required) return Fit::lossy;
  if (needs_value(is) && !was.refuses_null()) return Fit::lossy;
  const bool is_same = was.is_required == is.is_required && was.is_list_required == is.is_list_required &&
                       was.is_read_only == is.is_read_only && was.is_hidden == is.is_hidden;
  return is_same ? Fit::same : Fit::widened;
}

Fit fit_field(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Open& open) {
  if (was.is_list != is.is_list) return Fit::lossy;
  return std::max(fit_nulls(was, is), fit_elements(schemas, was, is, open));
}

Fit fit_fields(const SchemaPair& schemas, const std::vector<FieldSchema>& was, const std::vector<FieldSchema>& is,
               Open& open) {
  auto all = Fit::same;
  for (const auto& field : was) {
    const auto* next = named(is, field.name);
    all = std::max(all, next ? fit_field(schemas, field, *next, open) : Fit::lossy);
  }
  for (const auto& field : is) {
    if (!named(was, field.name)) all = std::max(all, needs_value(field) ? Fit::lossy : Fit::widened);
  }
  return all;
}

// --- values --------------------------------------------------------------------------------------------------

Fate convert_value(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value, int depth);

bool has_text(const EnumSchema* type, const std::string& text) {
  return type && std::find(type->values.begin(), type->values.end(), text) != type->values.end();
}

void to_integer(Value& value) {
  const auto* number = value.as_floating();
  if (number && std::trunc(*number) == *number && std::abs(*number) <= exact_max) {
    value = static_cast<std::int64_t>(*number);
  }
}

bool fits_number(const FieldSchema& is, Value& value) {
  if (scalar_kind(is.scalar) == Value::Kind::integer) to_integer(value);
  if (!has_shape(is, value)) return false;
  return is.scalar != Scalar::integer || fits_int(*value.as_integer());
}

/// `is` is of one element.
bool fits_scalar_field(const FieldSchema& was, const FieldSchema& is, Value& value) {
  if (was.kind == FieldKind::scalar && was.scalar == is.scalar) return true;
  if (scalar_kind(is.scalar) != Value::Kind::string) return fits_number(is, value);
  const auto* text = value.as_string();
  return text && fits_scalar(is.scalar, *text);
}

Fate convert_object(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value, int depth) {
  const auto* object = value.as_object();
  const auto* old_type = schemas.was.embedded_type(was.type_name);
  const auto* new_type = schemas.is.embedded_type(is.type_name);
  if (!object || !old_type || !new_type || depth >= depth_max) return Fate::lost;
  auto fate = Fate::kept;
  for (const auto& field : old_type->fields) {
    if (!named(new_type->fields, field.name) && !object->at(field.name).is_null()) fate = Fate::trimmed;
  }
  Object made;
  for (const auto& field : new_type->fields) {
    const auto* before = named(old_type->fields, field.name);
    auto member = before ? object->at(field.name) : Value();
    const auto one = before ? convert_value(schemas, *before, field, member, depth + 1) : Fate::kept;
    if (member.is_null() && needs_value(field) && (!before || one == Fate::lost)) return Fate::lost;
    if (one != Fate::kept) fate = Fate::trimmed;
    if (object->find(field.name) || !member.is_null()) made.append(field.name, std::move(member));
  }
  value = std::move(made);
  return fate;
}

Fate convert_element(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value,
                     int depth) {
  if (is.kind == FieldKind::embedded) {
    return was.kind == FieldKind::embedded ? convert_object(schemas, was, is, value, depth) : Fate::lost;
  }
  if (is.kind == FieldKind::scalar) return fits_scalar_field(was, is, value) ? Fate::kept : Fate::lost;
  const auto* text = value.as_string();
  return text && has_text(schemas.is.enumeration(is.type_name), *text) ? Fate::kept : Fate::lost;
}

Fate convert_list(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value, int depth) {
  auto* list = value.as_list();
  if (!list) return Fate::lost;
  auto old_element = was;
  auto new_element = is;
  old_element.is_list = new_element.is_list = false;
  auto fate = Fate::kept;
  List made;
  made.reserve(list->size());
  for (auto& element : *list) {
    const auto one = convert_value(schemas, old_element, new_element, element, depth);
    if (one != Fate::kept) fate = Fate::trimmed;
    if (one == Fate::lost && is.is_required) continue;
    made.push_back(std::move(element));
  }
  value = std::move(made);
  return fate;
}

Fate convert_value(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value, int depth) {
  if (value.is_null()) return needs_value(is) && !was.refuses_null() ? Fate::lost : Fate::kept;
  if (was.is_list != is.is_list) {
    value = nullptr;
    return Fate::lost;
  }
  const auto fate =
      is.is_list ? convert_list(schemas, was, is, value, depth) : convert_element(schemas, was, is, value, depth);
  if (fate == Fate::lost) value = nullptr;
  return fate;
}

}  // namespace

bool holds_every(Scalar wider, Scalar narrower) noexcept {
  if (wider == narrower) return true;
  if (wider == Scalar::string || wider == Scalar::id) return scalar_kind(narrower) == Value::Kind::string;
  if (narrower == Scalar::integer) return wider == Scalar::floating || wider == Scalar::aws_timestamp;
  return narrower == Scalar::aws_timestamp && wider == Scalar::floating;
}

bool holds_every(const EnumSchema& wider, const EnumSchema& narrower) noexcept {
  return std::all_of(narrower.values.begin(), narrower.values.end(),
                     [&](const std::string& value) { return has_text(&wider, value); });
}

Fit fit(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is) {
  Open open;
  return fit_field(schemas, was, is, open);
}

Fit fit(const SchemaPair& schemas, const std::vector<FieldSchema>& was, const std::vector<FieldSchema>& is) {
  Open open;
  return fit_fields(schemas, was, is, open);
}

Fate convert(const SchemaPair& schemas, const FieldSchema& was, const FieldSchema& is, Value& value) {
  return convert_value(schemas, was, is, value, 0);
}

}  // namespace holdfast
