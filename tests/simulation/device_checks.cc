// What must hold of a device at every step: invariants 1, 2 and 5.
#include <algorithm>
#include <limits>
#include <utility>

#include "tests/simulation/checkers.h"
#include "tests/simulation/workloads.h"

namespace holdfast::simulation {
namespace {

constexpr std::size_t all_entries = std::numeric_limits<std::uint32_t>::max();

Query live_query() {
  Query query;
  query.where = Predicate::compare("rating", Op::ge, {Value(10)});
  query.sort = {{"title", Direction::ascending}};
  return query;
}

}  // namespace

void Checkers::watch_query(SimDevice& sim) {
  auto& live = live_[sim.number] = {};
  auto watched = sim.device->observe_query(sim.schema->models.front(), live_query(), row_form<Record>(),
                                           [this, &live](const holdfast::Rows& rows, bool is_synced) {
    if (is_synced) world_.probes_.hit(Probe::live_query_synced);
    live = {is_synced, {}};
    for (std::size_t at = 0; at < rows.size();) {
      for (const void* row : rows.run(at)) {
        live.rows.push_back(*static_cast<const Record*>(row));
        ++at;
      }
    }
  });
  if (watched) sim.subscriptions.push_back(std::move(*watched));
  if (!watched && !sim.disk->has_crashed()) world_.fail("a live query does not start: " + watched.error().message);
}

// While a model is synced, what the service says of it is shown in batches; otherwise with every commit.
void Checkers::check_live_query(SimDevice& sim) {
  const auto& live = live_[sim.number];
  if (!live.is_synced) return;
  std::vector<Record> fresh;
  const auto read =
      sim.device->query(sim.schema->models.front(), live_query(), [&](Record& row) { fresh.push_back(row); });
  if (!read || fresh == live.rows) return;
  world_.fail("invariant 5: device " + std::to_string(sim.number) + "'s live query shows " +
              std::to_string(live.rows.size()) + " rows, a fresh one " + std::to_string(fresh.size()) + ", or others");
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
  check_live_query(sim);
  check_dead_letters(sim);
  world_.workloads_->check_device(sim, held);
  const auto read =
      sim.disk->inner().write([&](client::Transaction& transaction) { return check_records(sim, transaction); });
  if (!read && !sim.disk->notice_power_cut()) world_.fail("a device's storage cannot be read: " + read.error().message);
}

void Checkers::check_queries(SimDevice& sim, const Rows& held) {
  const auto filter = Predicate::compare("rating", Op::gt, {Value(20)});
  for (const auto& model : sim.schema->models) {
    const bool is_filtered = model.name == "Post" && world_.trace_.steps() % 128 == 0;
    Rows expected;
    for (const auto& [name, row] : held) {
      if (row.model == &model && (!is_filtered || evaluate(filter, row))) expected.emplace(name, row);
    }
    Query query;
    if (is_filtered) query.where = filter;
    Rows found;
    const auto read =
        sim.device->query(model, query, [&](Record& row) { found.insert_or_assign(row_name(model, row.key()), row); });
    const auto wrong = read ? difference_of(expected, found) : read.error().message;
    if (!wrong.empty()) world_.fail("device " + std::to_string(sim.number) + "'s query: " + wrong);
  }
}

void Checkers::check_cleared(SimDevice& sim) {
  const auto waiting = sim.disk->inner().outbox_size();
  const auto letters = sim.disk->inner().dead_letters(0, 1);
  if (visible_rows(sim).empty() && waiting && *waiting == 0 && letters && letters->empty()) return;
  world_.fail("sign-out: device " + std::to_string(sim.number) + " still has rows, changes or dead letters");
}

// A change that was reported as refused stays readable.
void Checkers::check_dead_letters(SimDevice& sim) {
  const auto letters = sim.disk->inner().dead_letters(0, all_entries);
  const auto reported = buried_.find(sim.number);
  if (letters && reported != buried_.end() && letters->size() < reported->second) {
    world_.fail("device " + std::to_string(sim.number) + " has " + std::to_string(letters->size()) +
                " dead letters of " + std::to_string(reported->second) + " that it reported");
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
  for (const auto& model : sim.schema->models) {
    auto read = transaction.query(model, {}, [&](Record& row) {
      keys.emplace(row_name(model, row.key()), std::pair(&model, row.key()));
    });
    if (!read) return read;
  }
  // A key that has gone out of sight keeps its version: its tombstone holds off what is older.
  for (const auto& [name, version] : sim.versions) {
    if (version > 0 && !keys.contains(name)) keys.emplace(name, place_of(*sim.schema, name));
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

// The record as the service had it at this version, and as the device's schema sees it; null when it was not there.
Result<std::optional<Record>> Checkers::ground_of(const SimDevice& sim, const std::string& name, std::int64_t version) {
  if (version == 0) return std::optional<Record>();
  const auto [model, key] = place_of(*world_.served_, name);
  HOLDFAST_TRY(image, world_.store_->image_at(*model, key, version));
  if (!image) {
    return Error{Code::not_found, "the backend never wrote version " + std::to_string(version) + " of " + name};
  }
  if (image->metadata.is_deleted) return std::optional<Record>();
  return std::optional<Record>(seen_as(image->record, *sim.schema->model(model->name)));
}

bool Checkers::differs_in_new_fields_only(const SimDevice& sim, const std::optional<Record>& expected,
                                          const std::optional<Record>& shown) {
  const auto upgraded = upgraded_.find(sim.number);
  if (upgraded == upgraded_.end() || !expected || !shown || !upgraded->second.contains(shown->model->name)) {
    return false;
  }
  const auto* before = world_.schema_.model(shown->model->name);
  return before != nullptr && seen_as(*expected, *before) == seen_as(*shown, *before);
}

void Checkers::check_visible(SimDevice& sim, const std::string& name, const client::Stored& stored,
                             const std::vector<client::OutboxEntry>& entries) {
  if (entries.size() > 1 && entries.front().was_sent) world_.probes_.hit(Probe::edit_in_flight);
  auto ground = ground_of(sim, name, stored.metadata.version);
  if (!ground) return world_.fail("invariant 1: " + ground.error().message);
  // What is queued for a record that is gone is decided by the backend, not by an equation.
  if (stored.metadata.version > 0 && !*ground && !entries.empty()) return;
  const auto expected = edited(std::move(*ground), entries);
  if (!sim.expressions.empty() && !is_compared(sim, name, expected, stored, entries.empty())) return;
  if (expected == stored.record || differs_in_new_fields_only(sim, expected, stored.record)) return;
  world_.fail("invariant 1: device " + std::to_string(sim.number) + " shows " + name + " as " +
              (stored.record ? shown(*stored.record) : "nothing") + " instead of " +
              (expected ? shown(*expected) : "nothing") + " (version " + std::to_string(stored.metadata.version) +
              ", " + std::to_string(entries.size()) + " entries)");
}

// Whether invariant 1 applies: not to what is out of sight because of an expression, and fails when it should be.
bool Checkers::is_compared(const SimDevice& sim, const std::string& name, const std::optional<Record>& expected,
                           const client::Stored& stored, bool is_clean) {
  if (stored.record && !is_clean) {
    if (selection_.is_forbidden(sim, *stored.record)) world_.probes_.hit(Probe::row_left_unsent);
    return true;
  }
  if (stored.record && selection_.is_forbidden(sim, *stored.record)) {
    world_.fail("selection: device " + std::to_string(sim.number) + " shows " + name +
                ", which its expression rejects: " + shown(*stored.record));
    return false;
  }
  return stored.record || !is_clean || !expected || !selection_.may_hide(sim, *expected, stored.metadata.version);
}

const Rows& Checkers::visible_rows(const SimDevice& sim) {
  auto& look = looks_[sim.number];
  const auto now = sim.disk->writes();
  if (std::exchange(look.rows_at, now) != now) look.rows = read_device(sim);
  return look.rows;
}

Rows Checkers::read_device(const SimDevice& sim) {
  Rows rows;
  for (const auto& model : sim.schema->models) {
    const auto read = sim.disk->inner().query(model, {}, [&](Record& row) {
      rows.insert_or_assign(row_name(model, row.key()), row);
    });
    if (!read && !sim.disk->has_crashed() && !sim.disk->notice_power_cut()) {
      world_.fail("a device's storage cannot be read: " + read.error().message);
    }
  }
  return rows;
}

}  // namespace holdfast::simulation
