// LyingStorage: a device's storage that lies to its engine, for defects.
#pragma once

#include <memory>
#include <utility>

#include "client/storage/forwarding_testing.h"
#include "tests/simulation/defects.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

using client::testing::ForwardingStorage;
using client::testing::ForwardingTransaction;

/// `whim`: for what goes wrong now and then only.
class LyingTransaction : public ForwardingTransaction {
 public:
  LyingTransaction(client::Transaction& inner, SimRandom& whim) : ForwardingTransaction(inner), whim_(whim) {}

 protected:
  [[nodiscard]] bool happens(unsigned permille) { return whim_.happens(permille); }

 private:
  SimRandom& whim_;
};

template <class Transaction>
class StorageOf final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> write(client::Commit commit, const Body& body) override {
    return ForwardingStorage::write(commit, [&](client::Transaction& inner) {
      Transaction lying(inner, whim_);
      return body(lying);
    });
  }

 private:
  SimRandom whim_{1};
};

template <class Storage>
void use_storage(WorldOptions& options) {
  options.wrap_storage = [](std::unique_ptr<client::Storage> inner) {
    return std::make_unique<Storage>(std::move(inner));
  };
}

template <class Transaction>
void use(WorldOptions& options) {
  use_storage<StorageOf<Transaction>>(options);
}

}  // namespace holdfast::simulation
