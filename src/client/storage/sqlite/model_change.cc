#include "client/storage/sqlite/model_change.h"

#include <algorithm>
#include <utility>

#include "model/scalars.h"

namespace holdfast::client {
namespace {

bool is_held_by_its_column(const ModelSchema& model, const FieldSchema& was, const FieldSchema& is) {
  const auto before = form_of(was);
  const auto after = form_of(is);
  // The text of a key tells integers from doubles.
  return before == after || (!model.is_key(is.name) && can_hold(declared_type(before), after));
}

bool needs_rebuild(const Upgrade& upgrade, const ModelChange& change) {
  if (change.fit == Fit::same) return false;
  if (change.fit == Fit::lossy || upgrade.policy.fill_row) return true;
  const auto& model = *change.is->model;
  for (std::size_t at = 0; at < change.steps.size(); ++at) {
    const auto& from = change.steps[at].from;
    if (from && !is_held_by_its_column(model, change.was.model->fields[*from], model.fields[at])) return true;
  }
  return false;
}

}  // namespace

SchemaLoss& Losses::of(const std::string& model, const std::string& member, const std::string& was,
                       const std::string& is) {
  const auto known = std::find_if(all_.begin(), all_.end(),
                                  [&](const SchemaLoss& one) { return one.model == model && one.member == member; });
  if (known != all_.end()) return *known;
  return all_.emplace_back(SchemaLoss{.model = model, .member = member, .was = was, .is = is});
}

std::vector<SchemaLoss> Losses::found() const {
  std::vector<SchemaLoss> out;
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(out),
               [](const SchemaLoss& one) { return one.rows > 0 || one.unsent > 0; });
  return out;
}

Result<ModelChange> change_of(Upgrade& upgrade, const ModelSchema& was, const ModelTable& is) {
  HOLDFAST_TRY(table, model_table(was));
  ModelChange change{.was = std::move(table), .is = &is, .fit = fit(upgrade.schemas, was.fields, is.model->fields)};
  for (const auto& field : is.model->fields) {
    const auto from = was.field_index(field.name);
    const auto before = from ? type_text(was.fields[*from]) : std::string();
    change.steps.push_back({from, &upgrade.losses.of(was.name, field.name, before, type_text(field))});
  }
  for (std::size_t at = 0; at < was.fields.size(); ++at) {
    const auto& field = was.fields[at];
    if (is.model->field(field.name)) continue;
    change.gone.push_back({at, &upgrade.losses.of(was.name, field.name, type_text(field), {})});
  }
  change.is_rebuilt = needs_rebuild(upgrade, change);
  return change;
}

std::optional<Key> carried(const SchemaPair& schemas, const ModelChange& change, const Key& key) {
  auto out = key;
  for (std::size_t part = 0; part < out.parts.size(); ++part) {
    const auto field = change.is->key_fields[part];
    const auto& was = change.was.model->fields[change.was.key_fields[part]];
    const auto& is = change.is->model->fields[field];
    if (convert(schemas, was, is, out.parts[part]) != Fate::kept) return std::nullopt;
    // As it reads back from its column.
    if (const auto* number = out.parts[part].as_integer(); number && change.is->forms[field] == ColumnForm::floating) {
      out.parts[part] = static_cast<double>(*number);
    }
  }
  return out;
}

std::string key_text(const ModelSchema& model) {
  std::string out;
  for (const auto& part : model.primary_key) out += (out.empty() ? "(" : ", ") + part;
  return out + ")";
}

}  // namespace holdfast::client
