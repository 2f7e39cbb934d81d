#include "holdfast/record.h"

#include <algorithm>

#include "base/json.h"
#include "model/keyed.h"

namespace holdfast {

std::string Key::text() const {
  std::string out = "[";
  for (const auto& part : parts) {
    if (out.size() > 1) out += ',';
    json::write(part, out);
  }
  return out + ']';
}

Result<Key> Key::from_text(std::string_view text) {
  HOLDFAST_TRY(parsed, json::parse(text));
  auto* parts = parsed.as_list();
  if (!parts) return Error{Code::malformed, "a key's text is not a JSON array"};
  return Key{std::move(*parts)};
}

const Value& Record::operator[](std::string_view field) const {
  const auto index = model->field_index(field);
  HOLDFAST_ASSERT(index.has_value(), "the model has no such field");
  return values[*index];
}

Value& Record::operator[](std::string_view field) {
  const auto index = model->field_index(field);
  HOLDFAST_ASSERT(index.has_value(), "the model has no such field");
  return values[*index];
}

Key Record::key() const {
  Key key;
  key.parts.reserve(model->primary_key.size());
  for (const auto& field : model->primary_key) key.parts.push_back((*this)[field]);
  return key;
}

Record keyed_record(const ModelSchema& model, const Key& key) {
  Record record(model);
  for (std::size_t part = 0; part < key.parts.size(); ++part) record[model.primary_key[part]] = key.parts[part];
  return record;
}

Patch difference(const Record& original, const Record& changed) {
  HOLDFAST_ASSERT(original.model == changed.model, "records of two models have no difference");
  Patch patch;
  for (std::size_t field = 0; field < original.values.size(); ++field) {
    if (original.model->is_key(original.model->fields[field].name)) continue;
    if (!numbers_equal(original.values[field], changed.values[field])) patch.push_back({field, changed.values[field]});
  }
  return patch;
}

void apply_patch(const Patch& patch, Record& record) {
  for (const auto& change : patch) record.values.at(change.field) = change.value;
}

Patch combined(Patch first, const Patch& second) {
  for (const auto& change : second) {
    const auto place = std::lower_bound(first.begin(), first.end(), change.field,
                                        [](const FieldChange& one, std::size_t field) { return one.field < field; });
    if (place != first.end() && place->field == change.field) {
      place->value = change.value;
    } else {
      first.insert(place, change);
    }
  }
  return first;
}

}  // namespace holdfast
