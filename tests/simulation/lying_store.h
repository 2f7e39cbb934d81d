// LyingStore: a backend's store that lies to it, for defects.
#pragma once

#include <memory>

#include "tests/simulation/defects.h"
#include "tests/simulation/forwarding_store.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

using server::ConditionalPut;
using server::Image;
using server::ImagePage;
using server::PutOutcome;

class LyingStore : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  [[nodiscard]] bool happens(unsigned permille) { return whim_.happens(permille); }

 private:
  SimRandom whim_{3};
};

template <class Store>
void use_store(WorldOptions& options) {
  options.wrap_store = [](server::Store& inner) { return std::make_unique<Store>(inner); };
}

}  // namespace holdfast::simulation
