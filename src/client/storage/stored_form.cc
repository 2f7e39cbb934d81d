#include "client/storage/stored_form.h"

#include <algorithm>
#include <cmath>

#include "holdfast/result.h"

namespace holdfast::client {
namespace {

void to_double(Value& value) {
  if (const auto* integer = value.as_integer()) {
    value = static_cast<double>(*integer);
  } else if (const auto* held = value.as_floating(); held && std::isnan(*held)) {
    value = nullptr;
  } else if (const auto* floating = value.as_floating(); floating && *floating == 0.0) {
    value = 0.0;
  }
}

}  // namespace

std::size_t index_of(const Schema& schema, const ModelSchema& model) {
  const auto& models = schema.models;
  const auto is_model = [&model](const ModelSchema& one) { return &one == &model; };
  auto found = std::find_if(models.begin(), models.end(), is_model);
  if (found == models.end()) {  // A copy of the schema's model.
    found = std::find_if(models.begin(), models.end(), [&](const ModelSchema& one) { return one.name == model.name; });
  }
  HOLDFAST_ASSERT(found != models.end(), "the model is none of this storage's schema");
  return static_cast<std::size_t>(found - models.begin());
}

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
