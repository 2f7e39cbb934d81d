// Engine: everything that sync does, as one passive machine. It composes subscriber, hydrator, sender and
// reconciler, and is the only one that talks to the world, by effects.
//
// Order is a rule: subscribe, hydrate, replay, then send.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/log.h"
#include "base/random.h"
#include "client/storage/storage.h"
#include "client/sync/effects.h"

namespace holdfast::sync {

enum class State : std::uint8_t { stopped, offline, connecting, subscribing, hydrating, live };
std::string_view name(State state) noexcept;

/// Passive: performs no I/O but the storage's, reads no clock. Not thread-safe; the caller serialises.
/// One event is at most one storage transaction, except that a Reply may first mark the next entry as sent.
/// After a crash a new engine on the same storage goes on: what was sent is sent again under the same name.
class Engine {
 public:
  struct Setup {
    SyncOptions options;       ///< Validated.
    Selection selection = {};  ///< Its expressions, evaluated.
  };
  /// All outlive the engine.
  Engine(const Schema& schema, client::Storage& storage, Random& random, Log& log, Setup setup);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes what happened, returns what to do, in order. Never throws; never calls back, except the conflict handler.
  [[nodiscard]] Effects step(Time now, Event event);
  [[nodiscard]] State state() const noexcept;
  /// A change of the record is on its way to the service.
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

/// Endpoint and bounds. Code: invalid_argument.
Result<void> check(const SyncOptions& options);

}  // namespace holdfast::sync
