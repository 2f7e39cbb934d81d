#include "tests/simulation/rows.h"

#include "base/json.h"

namespace holdfast::simulation {
namespace {

Record keyed(const ModelSchema& model, const Key& key) {
  Record record(model);
  for (std::size_t at = 0; at < key.parts.size(); ++at) record[model.primary_key[at]] = key.parts[at];
  return record;
}

}  // namespace

std::string row_name(const ModelSchema& model, const Key& key) { return model.name + " " + key.text(); }

std::pair<const ModelSchema*, Key> place_of(const Schema& schema, const std::string& name) {
  const auto space = name.find(' ');
  return {schema.model(name.substr(0, space)), Key::from_text(name.substr(space + 1)).value()};
}

std::string shown(const Record& record) { return json::write(Value(record.values)); }

Record seen_as(const Record& record, const ModelSchema& model) {
  if (record.model == &model) return record;
  Record out(model);
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    if (const auto from = record.model->field_index(model.fields[at].name)) out.values[at] = record.values[*from];
  }
  return out;
}

bool is_same(const Record& shown, const Record& held) {
  return shown.model == held.model ? shown == held : shown == seen_as(held, *shown.model);
}

std::string difference_of(const Rows& held, const Rows& shown_rows) {
  for (const auto& [name, row] : held) {
    const auto other = shown_rows.find(name);
    if (other == shown_rows.end()) return name + " is missing";
    if (!is_same(other->second, row)) return name + ": " + shown(row) + " against " + shown(other->second);
  }
  for (const auto& [name, row] : shown_rows) {
    if (!held.contains(name)) return name + " is too much: " + shown(row);
  }
  return {};
}

std::optional<Record> edited(std::optional<Record> ground, const std::vector<client::OutboxEntry>& entries) {
  for (const auto& entry : entries) {
    if (entry.operation == client::Operation::remove) {
      ground.reset();
      continue;
    }
    if (entry.operation == client::Operation::create && !ground) ground = keyed(*entry.model, entry.key);
    if (ground) apply_patch(entry.changes, *ground);
  }
  return ground;
}

}  // namespace holdfast::simulation
