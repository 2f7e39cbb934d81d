// RacingStore: a Store between whose reads and writes another request may run to its end: races without threads.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/simulation/forwarding_store.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

class RacingStore final : public ForwardingStore {
 public:
  RacingStore(server::Store& inner, SimRandom& random, Probes& probes)
      : ForwardingStore(inner), random_(random), probes_(probes) {}

  /// Told of every record that was written, and of every conflict that was settled or refused.
  std::function<void(const server::Image&)> on_written;
  std::function<void(const server::JournalEntry&)> on_journal;
  /// Lets something else run first, now and then; null switches racing off.
  std::function<void()> race;
  unsigned race_permille = 0;
  /// How often each mutation id was written: never more than once.
  [[nodiscard]] const std::map<std::string, int>& written() const { return written_; }

  /// Writes that were asked for: what was read of the store stays true while it stays the same.
  [[nodiscard]] std::uint64_t puts() const { return puts_; }

  Result<server::PutOutcome> put(const server::ConditionalPut& put) override {
    if (race && depth_ < 3 && random_.happens(race_permille)) {
      ++depth_;
      race();
      --depth_;
    }
    auto outcome = ForwardingStore::put(put);
    ++puts_;
    if (outcome && outcome->kind == server::PutOutcome::Kind::changed_meanwhile) probes_.hit(Probe::raced_write);
    if (outcome && outcome->kind == server::PutOutcome::Kind::repeated) probes_.hit(Probe::repeated_mutation);
    const bool is_written = outcome && outcome->kind == server::PutOutcome::Kind::written;
    if (is_written && !put.mutation_id.empty()) ++written_[put.mutation_id];
    if (is_written && on_written) on_written(outcome->image);
    return outcome;
  }
  Result<std::optional<server::Image>> find_mutation(std::string_view mutation_id) override {
    auto found = ForwardingStore::find_mutation(mutation_id);
    if (found && *found) probes_.hit(Probe::repeated_mutation);
    return found;
  }
  Result<server::ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                          std::string_view after) override {
    probes_.hit(Probe::delta_sync);
    return ForwardingStore::changed_since(model, since, limit, after);
  }
  Result<void> journal(const server::JournalEntry& entry, std::int64_t rows_max) override {
    if (on_journal) on_journal(entry);
    if (entry.outcome == "merged") probes_.hit(Probe::conflict_merged);
    return ForwardingStore::journal(entry, rows_max);
  }

 private:
  SimRandom& random_;
  Probes& probes_;
  int depth_ = 0;
  std::uint64_t puts_ = 0;
  std::map<std::string, int> written_;
};

}  // namespace holdfast::simulation
