#include "tests/simulation/checkers.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.h"
#include "tests/simulation/workload.h"

namespace holdfast::simulation {
namespace {

constexpr std::size_t all_entries = std::numeric_limits<std::uint32_t>::max();

// The first difference of two sets of rows; empty when they are equal.
std::string difference_of(const Rows& left, const Rows& right) {
  for (const auto& [name, row] : left) {
    const auto other = right.find(name);
    if (other == right.end()) return name + " is missing";
    if (!(other->second == row)) return name + ": " + shown(row) + " against " + shown(other->second);
  }
  for (const auto& [name, row] : right) {
    if (!left.contains(name)) return name + " is too much: " + shown(row);
  }
  return {};
}

Record keyed(const ModelSchema& model, const Key& key) {
  Record record(model);
  for (std::size_t at = 0; at < key.parts.size(); ++at) record[model.primary_key[at]] = key.parts[at];
  return record;
}

// What row_name() has named.
std::pair<const ModelSchema*, Key> place_of(const Schema& schema, const std::string& name) {
  const auto space = name.find(' ');
  return {schema.model(name.substr(0, space)), Key::from_text(name.substr(space + 1)).value()};
}

// The row after the entries: what the device must show when the service holds `ground`.
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

}  // namespace

std::string row_name(const ModelSchema& model, const Key& key) { return model.name + " " + key.text(); }

std::string shown(const Record& record) { return json::write(Value(record.values)); }

Checkers::Checkers(World& world) : world_(world) {
  world_.network_.on_mutation_sent = [this](const Mutation& mutation) { on_sent(mutation); };
  world_.network_.on_mutation_over = [this](const Mutation& mutation, bool is_acknowledged) {
    on_over(mutation, is_acknowledged);
  };
}

void Checkers::watch(SimDevice& sim) {
  sim.observed = visible_rows(sim);
  for (const auto& model : world_.schema_.models) {
    sim.subscriptions.push_back(sim.device->observe(model, {}, [this, &sim](const RecordChange& change) {
      const auto name = row_name(*change.record.model, change.record.key());
      ++told_[sim.number];
      const bool is_known = sim.observed.contains(name);
      if (is_known == (change.type == ChangeType::inserted)) {
        world_.fail("invariant 5: device " + std::to_string(sim.number) + " was told that " + name + " was " +
                    std::string(holdfast::name(change.type)) + (is_known ? ", which it had" : ", which it had not"));
      }
      if (change.type == ChangeType::removed) {
        sim.observed.erase(name);
      } else {
        sim.observed.insert_or_assign(name, change.record);
      }
    }));
  }
  sim.subscriptions.push_back(sim.device->on_event([this, &sim](const SyncEvent& event) {
    if (const auto* failed = std::get_if<OutboxFailed>(&event)) {
      ++refusals_[{sim.number, failed->error.model}];
      ++buried_[sim.number];
      world_.probes_.hit(Probe::refused_for_good);
    }
    if (const auto* synced = std::get_if<ModelSynced>(&event); synced && synced->is_full_sync) {
      if (!hydrated_.emplace(sim.number, synced->model).second) world_.probes_.hit(Probe::second_base_sync);
    }
    world_.say("device " + std::to_string(sim.number) + " event " + std::string(holdfast::name(event)));
  }));
}

void Checkers::on_error(SimDevice& sim, const SyncError& error) {
  // With automerge nothing but a deletion can be refused, and a create or update never for good.
  const bool may_refuse = world_.options_.conflict != server::ConflictStrategy::automerge || error.operation == "delete" ||
                          error.error_type == "ConflictUnhandled" || error.error.code == Code::unavailable ||
                          error.error.code == Code::timed_out || error.error.code == Code::closed ||
                          error.error.code == Code::condition_failed || error.error.code == Code::storage_failed;
  if (!may_refuse) {
    world_.fail("device " + std::to_string(sim.number) + " lost a write: " + error.operation + " " + error.error_type + " " +
                error.error.message);
  }
}

void Checkers::on_sent(const Mutation& mutation) {
  if (!in_flight_.emplace(mutation.sender, mutation.record).second) {
    world_.fail("invariant 3: two requests for " + mutation.record + " in flight from device " +
                std::to_string(mutation.device));
  }
  const auto entry = std::stoll(mutation.id.substr(mutation.id.find(':') + 1));
  auto& last = last_sent_[{mutation.device, mutation.record}];
  if (entry < last) world_.fail("invariant 3: entries of " + mutation.record + " left out of order");
  last = std::max<std::int64_t>(last, entry);
  sent_.emplace(mutation.id, mutation);
}

void Checkers::on_crash(const SimDevice& sim) {
  for (const auto& [sender, record] : in_flight_) {
    if (sender == sim.transport.get()) world_.probes_.hit(Probe::crash_in_flight);
  }
  for (const auto& [id, mutation] : sent_) {
    if (mutation.device == sim.number && !world_.racing_->written().contains(id)) excused_.insert(id);
  }
}

void Checkers::on_over(const Mutation& mutation, bool is_acknowledged) {
  in_flight_.erase({mutation.sender, mutation.record});
  if (is_acknowledged) acknowledged_.insert(mutation.id);
}

void Checkers::check_step() {
  for (auto& sim : world_.devices_) {
    if (sim->device && !sim->disk->has_crashed()) check_device(*sim);
  }
}

void Checkers::check_device(SimDevice& sim) {
  const std::pair now(sim.disk->writes(), told_[sim.number]);
  if (std::exchange(looks_[sim.number].checked_at, now) == now) return;
  const auto& held = visible_rows(sim);
  const auto lost = difference_of(held, sim.observed);
  if (!lost.empty()) world_.fail("invariant 5: device " + std::to_string(sim.number) + "'s observer missed " + lost);
  if (world_.trace_.steps() % 64 == 0) check_queries(sim, held);
  check_dead_letters(sim);
  const auto read = sim.disk->inner().write([&](client::Transaction& transaction) { return check_records(sim, transaction); });
  if (!read) world_.fail("a device's storage cannot be read: " + read.error().message);
}

void Checkers::check_queries(SimDevice& sim, const Rows& held) {
  const auto filter = Predicate::compare("rating", Op::gt, {Value(20)});
  for (const auto& model : world_.schema_.models) {
    const bool is_filtered = model.name == "Post" && world_.trace_.steps() % 128 == 0;
    Rows expected;
    for (const auto& [name, row] : held) {
      if (row.model == &model && (!is_filtered || evaluate(filter, row))) expected.emplace(name, row);
    }
    Query query;
    if (is_filtered) query.where = filter;
    Rows found;
    const auto read = sim.device->query(model, query, [&](Record& row) { found.insert_or_assign(row_name(model, row.key()), row); });
    const auto wrong = read ? difference_of(expected, found) : read.error().message;
    if (!wrong.empty()) world_.fail("device " + std::to_string(sim.number) + "'s query: " + wrong);
  }
}

// A change that was reported as refused stays readable.
void Checkers::check_dead_letters(SimDevice& sim) {
  const auto letters = sim.disk->inner().dead_letters(0, all_entries);
  const auto reported = buried_.find(sim.number);
  if (letters && reported != buried_.end() && letters->size() < reported->second) {
    world_.fail("device " + std::to_string(sim.number) + " has " + std::to_string(letters->size()) + " dead letters of " +
                std::to_string(reported->second) + " that it reported");
  }
}

Result<void> Checkers::check_records(SimDevice& sim, client::Transaction& transaction) {
  std::map<std::string, std::vector<client::OutboxEntry>> waiting;
  std::map<std::string, std::pair<const ModelSchema*, Key>> keys;
  HOLDFAST_TRY(entries, transaction.entries(0, all_entries));
  for (auto& entry : entries) {
    const auto name = row_name(*entry.model, entry.key);
    keys.emplace(name, std::pair(entry.model, entry.key));
    waiting[name].push_back(std::move(entry));
  }
  for (const auto& model : world_.schema_.models) {
    auto read = transaction.query(model, {}, [&](Record& row) {
      keys.emplace(row_name(model, row.key()), std::pair(&model, row.key()));
    });
    if (!read) return read;
  }
  // A key that has gone out of sight keeps its version: its tombstone holds off what is older.
  for (const auto& [name, version] : sim.versions) {
    if (version > 0 && !keys.contains(name)) keys.emplace(name, place_of(world_.schema_, name));
  }
  for (const auto& [name, place] : keys) {
    HOLDFAST_TRY(stored, transaction.find(*place.first, place.second));
    check_versions(sim, name, stored);
    check_visible(sim, name, stored, waiting[name]);
  }
  return {};
}

void Checkers::check_versions(SimDevice& sim, const std::string& name, const client::Stored& stored) {
  auto& highest = sim.versions[name];
  if (stored.metadata.version < highest) {
    world_.fail("invariant 2: " + name + " went back from version " + std::to_string(highest) + " to " +
                std::to_string(stored.metadata.version) + " on device " + std::to_string(sim.number));
  }
  highest = std::max(highest, stored.metadata.version);
}

void Checkers::check_visible(SimDevice& sim, const std::string& name, const client::Stored& stored,
                             const std::vector<client::OutboxEntry>& entries) {
  if (entries.size() > 1 && entries.front().was_sent) world_.probes_.hit(Probe::edit_in_flight);
  std::optional<Record> ground;
  if (stored.metadata.version > 0) {
    const auto [model, key] = place_of(world_.schema_, name);
    const auto image = world_.store_->image_at(*model, key, stored.metadata.version);
    if (!image || !*image) {
      return world_.fail("invariant 1: the backend never wrote version " + std::to_string(stored.metadata.version) + " of " + name);
    }
    // What is queued for a record that is gone is decided by the backend, not by an equation.
    if ((*image)->metadata.is_deleted && !entries.empty()) return;
    if (!(*image)->metadata.is_deleted) ground = (*image)->record;
  }
  const auto expected = edited(std::move(ground), entries);
  if (expected == stored.record) return;
  world_.fail("invariant 1: device " + std::to_string(sim.number) + " shows " + name + " as " +
              (stored.record ? shown(*stored.record) : "nothing") + " instead of " + (expected ? shown(*expected) : "nothing") +
              " (version " + std::to_string(stored.metadata.version) + ", " + std::to_string(entries.size()) + " entries)");
}

void Checkers::check_end() {
  for (const auto& [id, count] : world_.racing_->written()) {
    if (count != 1) world_.fail("invariant 4: mutation " + id + " was written " + std::to_string(count) + " times");
  }
  for (const auto& id : acknowledged_) {
    if (!world_.racing_->written().contains(id)) world_.fail("invariant 4: mutation " + id + " was acknowledged, not written");
  }
  check_ends_of_mutations();
  world_.workload_->check_end(backend_rows());
}

// What left a device was written, or its end was reported. Two deletions of one record are one.
void Checkers::check_ends_of_mutations() {
  const auto& written = world_.racing_->written();
  std::set<std::string> deleted;
  for (const auto& [id, mutation] : sent_) {
    if (mutation.is_delete && written.contains(id)) deleted.insert(mutation.record);
  }
  auto reported = refusals_;
  for (const auto& [id, mutation] : sent_) {
    const bool is_over = written.contains(id) || excused_.contains(id) || (mutation.is_delete && deleted.contains(mutation.record));
    if (is_over || reported[{mutation.device, mutation.record.substr(0, mutation.record.find(' '))}]-- > 0) continue;
    world_.fail("lost: mutation " + id + " of " + mutation.record + " was neither written nor reported");
  }
}

std::string Checkers::all_states_equal() {
  for (auto& sim : world_.devices_) {
    auto& look = looks_[sim->number];
    const std::pair now(sim->disk->writes(), world_.racing_->puts());
    if (std::exchange(look.compared_at, now) != now) look.difference = difference_of(backend_rows(), visible_rows(*sim));
    if (!look.difference.empty()) return "device " + std::to_string(sim->number) + ": " + look.difference;
  }
  return {};
}

const Rows& Checkers::backend_rows() {
  const auto now = world_.racing_->puts();
  if (std::exchange(backend_rows_at_, now) != now) backend_rows_ = read_backend();
  return backend_rows_;
}

const Rows& Checkers::visible_rows(const SimDevice& sim) {
  auto& look = looks_[sim.number];
  const auto now = sim.disk->writes();
  if (std::exchange(look.rows_at, now) != now) look.rows = read_device(sim);
  return look.rows;
}

Rows Checkers::read_backend() {
  Rows rows;
  for (const auto& model : world_.schema_.models) {
    server::Store::ListOptions options{.where = {}, .with_tombstones = false, .limit = 1000, .after = {}};
    do {
      auto page = world_.store_->list(model, options);
      if (!page) {
        world_.fail("the backend's store cannot be read: " + page.error().message);
        return rows;
      }
      for (auto image : page->images) rows.insert_or_assign(row_name(model, image.record.key()), std::move(image.record));
      options.after = page->next;
    } while (!options.after.empty());
  }
  return rows;
}

Rows Checkers::read_device(const SimDevice& sim) {
  Rows rows;
  for (const auto& model : world_.schema_.models) {
    const auto read = sim.disk->inner().query(model, {}, [&](Record& row) {
      rows.insert_or_assign(row_name(model, row.key()), row);
    });
    if (!read) world_.fail("a device's storage cannot be read: " + read.error().message);
  }
  return rows;
}

}  // namespace holdfast::simulation
