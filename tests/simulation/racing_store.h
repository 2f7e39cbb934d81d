// RacingStore: a Store between whose reads and writes another request may run to its end: races without threads. It
// keeps account of every write.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

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
  /// Works share a transaction, as the store beneath makes it. Otherwise each put is one, and others come between.
  bool puts_together = false;
  /// How often each mutation id was written: never more than once.
  [[nodiscard]] const std::map<std::string, int>& written() const { return written_; }
  /// Writes that were asked for: what was read of the store stays true while it stays the same.
  [[nodiscard]] std::uint64_t puts() const { return puts_; }

  /// After a power cut: writes that were not answered are there or not. Gives what is wrong: a write that was answered
  /// and is not there. Empty when nothing is.
  std::string settle();

  Result<server::PutOutcome> put(const server::ConditionalPut& put) override;
  std::vector<Result<void>> put_together(Works works) override;
  Result<std::optional<server::Image>> find_mutation(std::string_view mutation_id) override;
  Result<server::ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                          std::string_view after) override;
  Result<void> journal(const server::JournalEntry& entry, std::int64_t rows_max) override;

 private:
  struct Write {
    std::string mutation_id;
    server::Image image;
  };
  void note(const Write& write);

  SimRandom& random_;
  Probes& probes_;
  int depth_ = 0;
  std::uint64_t puts_ = 0;
  std::map<std::string, int> written_;
  std::vector<Write>* group_ = nullptr;   ///< Of the work that is running in a transaction with others.
  std::set<std::string> in_doubt_;        ///< Mutations that may have been written although their transaction failed.
};

}  // namespace holdfast::simulation
