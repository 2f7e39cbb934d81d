// An engine whose requests carry credentials: what the device drives.
#pragma once

#include <memory>

#include "client/sync/engine.h"

namespace holdfast::auth {

/// Puts credentials on what the engine sends, between it and the device. The engine knows nothing of them: it hears that a
/// request was refused only after everything that could help was tried.
/// Passive and not thread-safe, as the engine, of which it has the contract.
class SignedEngine {
 public:
  SignedEngine() = default;
  SignedEngine(const SignedEngine&) = delete;
  SignedEngine& operator=(const SignedEngine&) = delete;
  virtual ~SignedEngine() = default;

  [[nodiscard]] virtual sync::Effects step(sync::Time now, sync::Event event) = 0;
  [[nodiscard]] virtual bool has_under_way(const ModelSchema& model, const Key& key) const = 0;
};

/// By what `options` need: without a source and without a choice of modes the one key is put on everything. `schema`
/// outlives it.
std::unique_ptr<SignedEngine> with_credentials(std::unique_ptr<sync::Engine> engine, const Schema& schema,
                                               const SyncOptions& options);

}  // namespace holdfast::auth
