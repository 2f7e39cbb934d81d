#include "server/resolve/rows.h"

#include <utility>

namespace holdfast::server {

Object object_of(Image image) {
  const auto& model = *image.record.model;
  Object object;
  object.reserve(model.fields.size() + 3);
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    object.append(model.fields[at].name, std::move(image.record.values[at]));
  }
  object.append("_version", image.metadata.version);
  object.append("_deleted", image.metadata.is_deleted ? Value(true) : Value());
  object.append("_lastChangedAt", epoch_ms(image.metadata.last_changed_at));
  return object;
}

Object item_of(const Record& record) {
  Object item;
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    if (!record.values[at].is_null()) item.append(record.model->fields[at].name, record.values[at]);
  }
  return item;
}

Object item_of(const Image& image) {
  auto item = item_of(image.record);
  item.append("_version", image.metadata.version);
  item.append("_lastChangedAt", epoch_ms(image.metadata.last_changed_at));
  if (image.metadata.is_deleted) item.append("_deleted", true);
  return item;
}

Value value_of(std::optional<Image> image) { return image ? Value(object_of(*std::move(image))) : Value(); }

std::optional<Key> key_of(const ModelSchema& model, const Object& members) {
  Key key;
  for (const auto& name : model.primary_key) {
    const auto& part = members.at(name);
    if (part.is_null()) return std::nullopt;
    key.parts.push_back(part);
  }
  return key;
}

Patch patch_of(const ModelSchema& model, const Object& input) {
  Patch patch;
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    const auto& name = model.fields[at].name;
    const auto* value = input.find(name);
    if (value != nullptr && !model.is_key(name)) patch.push_back({at, *value});
  }
  return patch;
}

graphql::FieldError refusal(std::string type, std::string message, std::optional<Value> data) {
  graphql::FieldError error;
  error.message = std::move(message);
  error.error_type = std::move(type);
  error.data = std::move(data);
  return error;
}

}  // namespace holdfast::server
