// Engine: everything that sync does, as one passive machine. It composes subscriber, hydrator, sender and
// reconciler, and is the only one that talks to the world, by effects.
//
// Order is a rule: subscribe, hydrate, replay, then send.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/transport.h"
#include "client/storage/storage.h"
#include "holdfast/observe.h"
#include "holdfast/sync.h"

namespace holdfast::sync {

/// Names one request or socket of this engine; never used twice, so that late answers are recognised.
using ExchangeId = std::uint64_t;
using SocketId = std::uint64_t;

namespace event {
struct Start {};
struct Stop {};
struct Online { bool is_online = true; };           ///< The application's word.
struct Saved {};                                    ///< The outbox got an entry.
struct Wake {};                                     ///< A WakeAt is due; spurious ones are harmless.
struct Reply { ExchangeId id; Result<HttpResponse> response; };
struct SocketOpened { SocketId id; };
struct SocketFrame { SocketId id; std::string frame; };
struct SocketClosed { SocketId id; Error reason; };
struct PageReady {};                                ///< A page read before is to be applied now (see effect::Continue).
}  // namespace event
using Event = std::variant<event::Start, event::Stop, event::Online, event::Saved, event::Wake, event::Reply,
                           event::SocketOpened, event::SocketFrame, event::SocketClosed, event::PageReady>;

namespace effect {
struct Exchange { ExchangeId id; HttpRequest request; Milliseconds timeout; };
struct OpenSocket { SocketId id; SocketRequest request; };
struct SendFrame { SocketId id; std::string frame; };
struct CloseSocket { SocketId id; };
struct WakeAt { Tick at; };
struct Continue {};                                 ///< Step the engine with PageReady as soon as the lock is free.
struct Changed { std::vector<RecordChange> changes; };  ///< Committed; tell the observers.
struct Report { SyncEvent what; };
struct Failed { SyncError what; };                  ///< For the error callback.
}  // namespace effect
using Effect = std::variant<effect::Exchange, effect::OpenSocket, effect::SendFrame, effect::CloseSocket,
                            effect::WakeAt, effect::Continue, effect::Changed, effect::Report, effect::Failed>;
using Effects = std::vector<Effect>;

enum class State : std::uint8_t { stopped, offline, connecting, subscribing, hydrating, live };
std::string_view name(State state) noexcept;

struct Time {
  Tick ticks;
  Instant wall;
};

/// Passive: performs no I/O but the storage's, reads no clock. Not thread-safe; the caller serialises.
/// One event is at most one storage transaction, except that a Reply may first mark the next entry as sent.
class Engine {
 public:
  /// All outlive the engine. `options` has been validated.
  Engine(const Schema& schema, client::Storage& storage, Random& random, Log& log, SyncOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes what happened, returns what to do, in order. Never throws; never calls back, except the conflict handler.
  [[nodiscard]] Effects step(Time now, Event event);
  [[nodiscard]] State state() const noexcept;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

/// Endpoint and bounds. Code: invalid_argument.
Result<void> check(const SyncOptions& options);

}  // namespace holdfast::sync
