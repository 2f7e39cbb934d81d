#include "client/outbox/image.h"

#include <string>
#include <utility>

#include "base/json.h"
#include "client/storage/setting_names.h"

namespace holdfast::outbox {
namespace {

std::string setting_name(const ModelSchema& model, const Key& key) {
  return client::image_prefix(model.name) + key.text();
}

Error unreadable(const ModelSchema& model) {
  return {Code::corrupt, "the kept image of a " + model.name + " can not be read: clear the store"};
}

Record record_of(const ModelSchema& model, const Value& values) {
  Record record(model);
  for (std::size_t at = 0; at < model.fields.size(); ++at) record.values[at] = values[model.fields[at].name];
  return record;
}

}  // namespace

Result<std::optional<Image>> read_image(client::Transaction& transaction, const ModelSchema& model, const Key& key) {
  HOLDFAST_TRY(text, transaction.setting(setting_name(model, key)));
  if (!text) return std::optional<Image>();
  const auto read = json::parse(*text);
  if (!read) return unreadable(model);
  const auto* version = (*read)["version"].as_integer();
  const auto* changed = (*read)["changed"].as_integer();
  const auto* is_deleted = (*read)["deleted"].as_boolean();
  if (!version || !changed || !is_deleted) return unreadable(model);
  Image image{.record = std::nullopt, .metadata = {*version, from_epoch_ms(*changed), *is_deleted}};
  if (const auto& values = (*read)["values"]; !values.is_null()) image.record = record_of(model, values);
  return std::optional(std::move(image));
}

Result<void> write_image(client::Transaction& transaction, const ModelSchema& model, const Key& key,
                         const Image& image) {
  Object written{{"version", image.metadata.version},
                 {"changed", epoch_ms(image.metadata.last_changed_at)},
                 {"deleted", image.metadata.is_deleted}};
  if (image.record) {
    Object values;
    for (std::size_t at = 0; at < model.fields.size(); ++at) {
      values.append(model.fields[at].name, image.record->values[at]);
    }
    written.append("values", std::move(values));
  }
  return transaction.set_setting(setting_name(model, key), json::write(written));
}

Result<void> drop_image(client::Transaction& transaction, const ModelSchema& model, const Key& key) {
  return transaction.drop_setting(setting_name(model, key));
}

}  // namespace holdfast::outbox
