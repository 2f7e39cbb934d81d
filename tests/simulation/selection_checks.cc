#include "tests/simulation/selection_checks.h"

#include <algorithm>

#include "base/json.h"
#include "protocol/records.h"

namespace holdfast::simulation {
namespace {

bool rejects(const std::vector<Predicate>& expressions, const Record& row) {
  return std::any_of(expressions.begin(), expressions.end(),
                     [&row](const Predicate& where) { return !evaluate(where, row); });
}

}  // namespace

const SelectionChecks::Kept* SelectionChecks::kept(const SimDevice& sim, const std::string& model) const {
  const auto found = kept_.find({sim.number, model});
  return found == kept_.end() ? nullptr : &found->second;
}

void SelectionChecks::on_selected(const SimDevice& sim, const std::vector<Expression>& expressions) {
  ++changes_;
  for (std::size_t at = 0; at < expressions.size(); ++at) {
    auto& kept = kept_[{sim.number, sim.schema->models[at].name}];
    // A model that is left alone is kept as it is: whole, as far as the device's own rows go.
    const auto& given = expressions[at];
    const auto now = given.fails ? Expression{.fails = true} : given;
    if (!kept.ever.empty() && kept.now == now) continue;
    kept.now = now;
    kept.ever.push_back(now.where);
    kept.is_settled = false;
    kept.asked_before = world_.network_.asked();
  }
}

void SelectionChecks::on_synced(const SimDevice& sim, const ModelSynced& synced) {
  const auto found = kept_.find({sim.number, synced.model});
  if (found == kept_.end()) return;
  ++changes_;
  found->second.is_settled = true;
}

void SelectionChecks::on_power_cut(const SimDevice& sim) {
  ++changes_;
  for (auto& [place, kept] : kept_) {
    if (place.first == sim.number) kept.is_settled = false;
  }
}

void SelectionChecks::forget(const SimDevice& sim) {
  ++changes_;
  std::erase_if(kept_, [&sim](const auto& entry) { return entry.first.first == sim.number; });
}

void SelectionChecks::on_said(const Said& said) {
  const auto& sim = *world_.devices_[said.device];
  if (sim.leaving != Leaving::at_base_sync || said.answers_mutation) return;
  std::optional<Value> body;
  for (const auto& model : sim.schema->models) {
    const auto* kept = this->kept(sim, model.name);
    if (!kept || kept->now.fails || !kept->now.is_exact || said.asked <= kept->asked_before) continue;
    if (!body) body = json::parse(said.text).value_or(Value());
    const auto& data = (*body)["payload"].as_object() ? (*body)["payload"]["data"] : (*body)["data"];
    for (const auto* names : {&model.operations.on_create, &model.operations.on_update, &model.operations.on_delete}) {
      for (const auto& name : *names) check_told(sim.number, model, *kept, data[name]);
    }
    const auto* items = data[model.operations.sync]["items"].as_list();
    for (const auto& item : items ? *items : List()) check_told(sim.number, model, *kept, item);
  }
}

void SelectionChecks::check_told(unsigned device, const ModelSchema& model, const Kept& kept, const Value& item) {
  if (!item.as_object()) return;
  const auto received = protocol::read_record(model, item);
  if (!received || received->metadata.is_deleted || evaluate(kept.now.where, received->record)) return;
  world_.fail("selection: device " + std::to_string(device) + " was told of " +
              row_name(model, received->record.key()) + ", which its expression rejects: " + shown(received->record));
}

bool SelectionChecks::keeps(const SimDevice& sim, const Record& row) const {
  const auto* kept = this->kept(sim, row.model->name);
  return !kept || evaluate(kept->now.where, row);
}

bool SelectionChecks::is_forbidden(const SimDevice& sim, const Record& row) const {
  const auto* kept = this->kept(sim, row.model->name);
  return kept && kept->is_settled && !evaluate(kept->now.where, row);
}

bool SelectionChecks::may_hide(const SimDevice& sim, const Record& row, std::int64_t version) const {
  const auto* kept = this->kept(sim, row.model->name);
  if (!kept) return false;
  const std::vector<Predicate> one{kept->now.where};
  const auto& expressions = kept->is_settled ? one : kept->ever;
  return rejects(expressions, row) || has_left(expressions, row, version, true);
}

bool SelectionChecks::may_have_missed(const SimDevice& sim, const Record& row) const {
  const auto* kept = this->kept(sim, row.model->name);
  if (!kept || sim.leaving == Leaving::at_once) return false;
  const auto stored = sim.disk->inner().find(*row.model, row.key());
  return stored && has_left({kept->now.where}, row, stored->metadata.version, false);
}

bool SelectionChecks::has_left(const std::vector<Predicate>& expressions, const Record& row, std::int64_t version,
                               bool counts_deletions) const {
  const auto& model = *world_.served_->model(row.model->name);
  const auto newest = world_.store_->get(model, row.key());
  if (!newest || !*newest) return false;
  for (auto later = version + 1; later <= (*newest)->metadata.version; ++later) {
    const auto image = world_.store_->image_at(model, row.key(), later);
    if (!image || !*image) continue;
    if ((*image)->metadata.is_deleted ? counts_deletions : rejects(expressions, (*image)->record)) return true;
  }
  return false;
}

bool SelectionChecks::has_left_only(const Record& row) const {
  const auto standing = world_.store_->get(*world_.served_->model(row.model->name), row.key());
  return standing && *standing && !(*standing)->metadata.is_deleted;
}

bool SelectionChecks::is_settled(const SimDevice& sim) const {
  return std::all_of(kept_.begin(), kept_.end(), [&sim](const auto& entry) {
    return entry.first.first != sim.number || entry.second.is_settled;
  });
}

}  // namespace holdfast::simulation
