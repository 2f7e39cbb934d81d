// RacingStore: a Store between whose reads and writes another request may run to its end: races without threads.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/simulation/forwarding_store.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

class RacingStore final : public ForwardingStore {
 public:
  RacingStore(server::Store& inner, SimRandom& random) : ForwardingStore(inner), random_(random) {}

  /// Lets something else run first, now and then; null switches racing off.
  std::function<void()> race;
  unsigned race_permille = 300;
  /// How often each mutation id was written: never more than once.
  [[nodiscard]] const std::map<std::string, int>& written() const { return written_; }

  Result<server::PutOutcome> put(const server::ConditionalPut& put) override {
    if (race && depth_ < 3 && random_.happens(race_permille)) {
      ++depth_;
      race();
      --depth_;
    }
    auto outcome = ForwardingStore::put(put);
    const bool is_written = outcome && outcome->kind == server::PutOutcome::Kind::written;
    if (is_written && !put.mutation_id.empty()) ++written_[put.mutation_id];
    return outcome;
  }

 private:
  SimRandom& random_;
  int depth_ = 0;
  std::map<std::string, int> written_;
};

}  // namespace holdfast::simulation
