#include "server/store/sqlite/lost_fields.h"

#include <utility>

#include "base/json.h"
#include "server/store/sqlite/rows.h"

namespace holdfast::server {
namespace {

constexpr std::string_view fields_setting = "store.fields";

using Names = std::map<std::string, std::set<std::string>, std::less<>>;

Result<Names> served_before(sqlite::Connection& connection) {
  Names names;
  HOLDFAST_TRY(text, read_setting(connection, fields_setting));
  if (!text) return names;
  const auto models = json::parse(*text);
  if (!models || models->as_object() == nullptr) {
    return Error{Code::corrupt, connection.path() + ": the setting store.fields is no JSON object; restore a backup"};
  }
  for (const auto& model : *models->as_object()) {
    const auto* fields = model.value.as_list();
    for (const auto& field : fields == nullptr ? List() : *fields) {
      if (field.as_string() != nullptr) names[model.name].insert(*field.as_string());
    }
  }
  return names;
}

std::string text_of(const Names& names) {
  Object models;
  for (const auto& [model, fields] : names) models.append(model, List(fields.begin(), fields.end()));
  return json::write(Value(std::move(models)));
}

}  // namespace

Result<LostFields> LostFields::open(sqlite::Connection& connection, const Schema& schema) {
  HOLDFAST_TRY(before, served_before(connection));
  auto all = before;
  LostFields lost;
  for (const auto& model : schema.models) {
    auto& fields = all[model.name];
    for (const auto& name : fields) {
      if (model.field(name) == nullptr) lost.by_model_[model.name].insert(name);
    }
    for (const auto& field : model.fields) fields.insert(field.name);
  }
  if (all != before) {
    HOLDFAST_TRY(noted, write_setting(connection, fields_setting, text_of(all)));
  }
  return lost;
}

Result<std::string> LostFields::kept(const ModelSchema& model, std::string image, std::string_view before) const {
  const auto parsed = json::parse(before);
  if (!parsed || parsed->as_object() == nullptr) {
    return Error{Code::corrupt, "a stored image of model " + model.name + " is not a JSON object; restore a backup"};
  }
  for (const auto& name : by_model_.at(model.name)) {
    const auto* value = parsed->as_object()->find(name);
    if (value == nullptr) continue;
    image.back() = image.size() > 2 ? ',' : ' ';  // In the place of the closing brace.
    json::write_string(name, image);
    image += ':';
    json::write(*value, image);
    image += '}';
  }
  return image;
}

}  // namespace holdfast::server
