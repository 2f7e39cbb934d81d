#include "tests/simulation/workload.h"

#include <utility>

namespace holdfast::simulation {

std::optional<Record> Workload::find(SimDevice& sim, std::string_view model_name, const Key& key) {
  auto found = sim.device->find(model(sim, model_name), key);
  return found ? std::move(*found) : std::nullopt;
}

std::vector<Record> Workload::shared_rows(SimDevice& sim, const ModelSchema& model) {
  std::vector<Record> out;
  const auto read = sim.device->query(model, {}, [&](Record& row) {
    if (!row.values.front().as_string()->starts_with("own-")) out.push_back(row);
  });
  if (!read && is_up(sim)) fail("a query failed: " + read.error().message);
  return out;
}

Made Workload::made(const SimDevice& sim, const std::optional<Error>& error, std::string_view what,
                    std::set<Code> expected) {
  if (!is_up(sim)) return Made::unknown;
  if (!error) return Made::yes;
  if (error->code != Code::storage_failed && !expected.contains(error->code)) {
    fail(std::string(what) + " failed: " + error->message);
  }
  return Made::no;
}

Made Workload::save(SimDevice& sim, Record record, const Patch* changes, std::string_view what,
                    const Predicate& condition) {
  const auto saved = sim.device->save(std::move(record), changes, condition);
  std::set<Code> expected;
  if (condition.kind != Predicate::Kind::always) expected.insert(Code::condition_failed);
  return made(sim, saved ? std::nullopt : std::optional(saved.error()), what, std::move(expected));
}

Made Workload::remove(SimDevice& sim, const Record& record, std::string_view what) {
  const auto removed = sim.device->remove(record, {});
  return made(sim, removed ? std::nullopt : std::optional(removed.error()), what);
}

void Workload::found(Record record) {
  record["createdAt"] = record["updatedAt"] = "2026-11-21T07:30:00.000Z";  // Before the world begins.
  const auto founded =
      world_.racing_->put({.record = std::move(record), .expected_version = 0, .is_deleted = false, .mutation_id = {}});
  if (!founded) fail("the backend's store cannot be written: " + founded.error().message);
}

const std::vector<WorkloadKind>& workload_kinds() {
  static const std::vector<WorkloadKind> table = [] {
    std::vector<WorkloadKind> all;
    for (auto* kinds : {value_kinds, shared_kinds, family_kinds, zone_kinds, access_kinds}) {
      for (auto& kind : kinds()) all.push_back(std::move(kind));
    }
    return all;
  }();
  return table;
}

}  // namespace holdfast::simulation
