// What becomes of the mutations that leave devices: invariants 3 and 4.
#include <algorithm>
#include <set>

#include "tests/simulation/checkers.h"

namespace holdfast::simulation {

void Checkers::on_sent(const Mutation& mutation) {
  if (!in_flight_.emplace(std::pair(mutation.sender, mutation.record), mutation.id).second) {
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
  for (const auto& [sent, id] : in_flight_) {
    if (sent.first == sim.transport.get()) world_.probes_.hit(Probe::crash_in_flight);
  }
  excuse(sim);
}

void Checkers::on_error(SimDevice& sim, const SyncError& error) {
  // An expression that had no answer.
  if (!sim.expressions.empty() && error.operation == "sync" && error.error.code == Code::invalid_argument) return;
  // With automerge nothing but a deletion can be refused, and a create or update never for good.
  const bool may_refuse = world_.options_.conflict != server::ConflictStrategy::automerge ||
                          error.operation == "delete" || error.error_type == "ConflictUnhandled" ||
                          error.error_type == "Unauthorized" || error.error.code == Code::unavailable ||
                          error.error.code == Code::timed_out || error.error.code == Code::closed ||
                          error.error.code == Code::unauthorized || error.error.code == Code::condition_failed ||
                          error.error.code == Code::storage_failed;
  if (!may_refuse) {
    world_.fail("device " + std::to_string(sim.number) + " lost a write: " + error.operation + " " + error.error_type +
                " " + error.error.message);
  }
}

void Checkers::excuse(const SimDevice& sim) {
  for (const auto& [id, mutation] : sent_) {
    if (mutation.device == sim.number && !world_.racing_->written().contains(id)) excused_.insert(id);
  }
}

void Checkers::on_over(const Mutation& mutation, bool is_acknowledged) {
  const auto sent = in_flight_.find({mutation.sender, mutation.record});
  if (sent != in_flight_.end() && sent->second == mutation.id) in_flight_.erase(sent);
  if (is_acknowledged) acknowledged_.insert(mutation.id);
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
    const bool is_over =
        written.contains(id) || excused_.contains(id) || (mutation.is_delete && deleted.contains(mutation.record));
    if (is_over || reported[{mutation.device, mutation.record.substr(0, mutation.record.find(' '))}]-- > 0) continue;
    world_.fail("lost: mutation " + id + " of " + mutation.record + " was neither written nor reported");
  }
}

}  // namespace holdfast::simulation
