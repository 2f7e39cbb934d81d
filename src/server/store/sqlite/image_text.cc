#include "server/store/sqlite/image_text.h"

#include <cstddef>
#include <utility>

#include "base/json.h"
#include "server/store/images.h"

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
  json::Rows row(field_names(model));
  if (!row.append(text)) return corrupt_image(model);
  return record_of(model, row, 0);
}

Error corrupt_image(const ModelSchema& model) {
  return {Code::corrupt, "a stored image of model " + model.name + " is not a JSON object; restore a backup"};
}

}  // namespace holdfast::server
