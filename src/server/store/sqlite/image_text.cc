#include "server/store/sqlite/image_text.h"

#include <cstddef>
#include <utility>

#include "base/json.h"

namespace holdfast::server {

std::string image_text(const Record& record) {
  std::string text = "{";
  for (std::size_t i = 0; i < record.values.size(); ++i) {
    if (record.values[i].is_null()) continue;
    if (text.size() > 1) text += ',';
    json::write_string(record.model->fields[i].name, text);
    text += ':';
    json::write(record.values[i], text);
  }
  text += '}';
  return text;
}

Result<Record> record_of(const ModelSchema& model, std::string_view text) {
  auto parsed = json::parse(text);
  if (!parsed || parsed->as_object() == nullptr) {
    return Error{Code::corrupt, "a stored image of model " + model.name + " is not a JSON object; restore a backup"};
  }
  Record record(model);
  for (std::size_t i = 0; i < model.fields.size(); ++i) {
    if (Value* value = parsed->as_object()->find(model.fields[i].name)) record.values[i] = std::move(*value);
  }
  return record;
}

}  // namespace holdfast::server
