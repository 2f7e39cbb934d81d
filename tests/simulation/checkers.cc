#include "tests/simulation/checkers.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/simulation/workloads.h"

namespace holdfast::simulation {
namespace {

constexpr std::size_t all_entries = std::numeric_limits<std::uint32_t>::max();

// Whether `text` holds an answer of one of the operations on the model that is no refusal.
bool tells_of(std::string_view text, const ModelSchema& model) {
  const auto& names = model.operations;
  std::vector<std::string> all{names.get, names.list, names.sync, names.create, names.update, names.remove};
  for (const auto* more : {&names.on_create, &names.on_update, &names.on_delete}) {
    all.insert(all.end(), more->begin(), more->end());
  }
  return std::any_of(all.begin(), all.end(), [&](const std::string& name) {
    return text.find('"' + name + "\":{") != std::string_view::npos;
  });
}

}  // namespace

Checkers::Checkers(World& world) : world_(world), selection_(world) {
  world_.network_.on_mutation_sent = [this](const Mutation& mutation) { on_sent(mutation); };
  world_.network_.on_mutation_over = [this](const Mutation& mutation, bool is_acknowledged) {
    on_over(mutation, is_acknowledged);
  };
  world_.network_.on_said = [this](const Said& said) { on_said(said); };
}

void Checkers::watch(SimDevice& sim) {
  sim.subscriptions.clear();
  sim.observed = visible_rows(sim);
  watch_query(sim);
  for (const auto& model : sim.schema->models) {
    sim.subscriptions.push_back(
        sim.device->observe(model, {}, [this, &sim](const RecordChange& change) { on_change(sim, change); }));
  }
  sim.subscriptions.push_back(sim.device->on_event([this, &sim](const SyncEvent& event) { on_event(sim, event); }));
}

void Checkers::on_change(SimDevice& sim, const RecordChange& change) {
  const auto name = row_name(*change.record.model, change.record.key());
  ++told_[sim.number];
  const bool is_known = sim.observed.contains(name);
  if (is_known == (change.type == ChangeType::inserted)) {
    world_.fail("invariant 5: device " + std::to_string(sim.number) + " was told that " + name + " was " +
                std::string(holdfast::name(change.type)) + (is_known ? ", which it had" : ", which it had not"));
  }
  if (change.type == ChangeType::removed) {
    if (!sim.expressions.empty() && selection_.has_left_only(change.record)) world_.probes_.hit(Probe::row_left);
    sim.observed.erase(name);
  } else {
    if (!sim.expressions.empty() && !is_known && sim.versions[name] > 0) world_.probes_.hit(Probe::row_entered);
    sim.observed.insert_or_assign(name, change.record);
  }
}

void Checkers::on_event(SimDevice& sim, const SyncEvent& event) {
  if (const auto* failed = std::get_if<OutboxFailed>(&event)) {
    ++refusals_[{sim.number, failed->error.model}];
    ++buried_[sim.number];
    world_.probes_.hit(Probe::refused_for_good);
  }
  if (const auto* synced = std::get_if<ModelSynced>(&event)) {
    selection_.on_synced(sim, *synced);
    if (const auto upgraded = upgraded_.find(sim.number); upgraded != upgraded_.end() && synced->is_full_sync) {
      upgraded->second.erase(synced->model);
    }
    if (synced->is_full_sync && !hydrated_.emplace(sim.number, synced->model).second) {
      world_.probes_.hit(Probe::second_base_sync);
    }
  }
  world_.say("device " + std::to_string(sim.number) + " event " + std::string(holdfast::name(event)));
}

void Checkers::on_upgrade(const SimDevice& sim) {
  for (const auto& model : sim.schema->models) upgraded_[sim.number].insert(model.name);
}

void Checkers::on_power_cut(SimDevice& sim) {
  if (upgraded_.contains(sim.number)) on_upgrade(sim);  // What was fetched may be gone.
  sim.versions.clear();
  selection_.on_power_cut(sim);
  buried_.erase(sim.number);
  // Answers that were not synced come again, to entries that are sent again under their old names.
  std::erase_if(last_sent_, [&](const auto& sent) { return sent.first.first == sim.number; });
}

std::set<std::string> Checkers::on_sign_out(SimDevice& sim) {
  std::set<std::string> unsent;
  const auto read = sim.disk->inner().write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(entries, transaction.entries(0, all_entries));
    for (const auto& entry : entries) unsent.insert(row_name(*entry.model, entry.key));
    return {};
  });
  if (!read && !sim.disk->notice_power_cut()) world_.fail("a device's storage cannot be read: " + read.error().message);
  excuse(sim);
  std::erase_if(in_flight_, [&](const auto& sent) { return sent.first.first == sim.transport.get(); });
  sim.versions.clear();
  selection_.forget(sim);
  buried_.erase(sim.number);
  return unsent;
}

void Checkers::on_said(const Said& said) {
  const auto& [device, text, asked, answers_mutation] = said;
  const auto caller = key_of(device);
  selection_.on_said(said);
  if (text.find("\"Unauthorized\"") != std::string_view::npos) world_.probes_.hit(Probe::access_refused);
  if (world_.rules_.has_hidden_rows(caller) && text.find(hidden_city) != std::string_view::npos) {
    world_.fail("rule: device " + std::to_string(device) +
                " was told of a row that is hidden from it: " + std::string(text.substr(0, 300)));
  }
  for (const auto& model : world_.schema_.models) {
    if (world_.rules_.is_revoked(caller, model.name) && tells_of(text, model)) {
      world_.fail("rule: device " + std::to_string(device) + " was told of " + model.name +
                  ", which it may not touch: " + std::string(text.substr(0, 300)));
    }
  }
}

void Checkers::check_end() {
  for (const auto& [id, count] : world_.racing_->written()) {
    if (count != 1) world_.fail("invariant 4: mutation " + id + " was written " + std::to_string(count) + " times");
  }
  for (const auto& id : acknowledged_) {
    if (!world_.racing_->written().contains(id)) {
      world_.fail("invariant 4: mutation " + id + " was acknowledged, not written");
    }
  }
  check_ends_of_mutations();
  world_.workloads_->check_end(backend_rows());
}

std::string Checkers::all_states_equal() {
  for (auto& sim : world_.devices_) {
    auto& look = looks_[sim->number];
    const std::tuple now(sim->disk->writes(), world_.racing_->puts(), selection_.changes());
    if (std::exchange(look.compared_at, now) != now) {
      const auto expected = expected_rows(*sim);
      look.difference = difference_of(expected, current_rows(*sim, expected));
    }
    if (!look.difference.empty()) return "device " + std::to_string(sim->number) + ": " + look.difference;
  }
  return {};
}

Rows Checkers::expected_rows(const SimDevice& sim) {
  auto rows = backend_rows();
  const auto caller = world_.caller_of(sim);
  if (world_.rules_.has_hidden_rows(caller)) {
    std::erase_if(rows, [&](const auto& row) { return world_.rules_.is_hidden_from(caller, row.second); });
  }
  if (!sim.expressions.empty()) {
    std::erase_if(rows, [&](const auto& row) { return !selection_.keeps(sim, row.second); });
  }
  return rows;
}

Rows Checkers::current_rows(const SimDevice& sim, const Rows& expected) {
  auto rows = visible_rows(sim);
  if (sim.expressions.empty() || world_.is_after_base_sync_) return rows;
  std::erase_if(rows, [&](const auto& row) {
    return !expected.contains(row.first) && selection_.may_have_missed(sim, row.second);
  });
  return rows;
}

const Rows& Checkers::backend_rows() {
  const auto now = world_.racing_->puts();
  if (std::exchange(backend_rows_at_, now) != now) backend_rows_ = read_backend();
  return backend_rows_;
}

Rows Checkers::read_backend() {
  Rows rows;
  for (const auto& model : world_.served_->models) {
    server::Store::ListOptions options{.where = {}, .with_tombstones = false, .limit = 1000, .after = {}};
    do {
      auto page = world_.store_->list(model, options);
      if (!page) {
        world_.fail("the backend's store cannot be read: " + page.error().message);
        return rows;
      }
      for (auto image : page->images) {
        rows.insert_or_assign(row_name(model, image.record.key()), std::move(image.record));
      }
      options.after = page->next;
    } while (!options.after.empty());
  }
  return rows;
}

}  // namespace holdfast::simulation
