// Subscriber: one realtime socket after the other, with three subscriptions a model on it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/sync/ports.h"
#include "protocol/frames.h"

namespace holdfast::sync {

/// Opens a socket, greets, starts every subscription at once and waits until the service has answered each of them.
/// A refused subscription is reported and counts as answered: its model is synced by queries only. One that is refused
/// for its filter is started again without; one for its credentials when the engine says so, since rights may come back.
/// A missing answer, silence for longer than the service promised, or the socket's end lose the connection.
/// Passive and not thread-safe. Bound: one socket, three subscriptions a model.
class Subscriber {
 public:
  enum class State : std::uint8_t { closed, opening, acknowledging, starting, established };

  /// What an event meant for the connection as a whole.
  struct Outcome {
    bool is_acknowledged = false;                     ///< The service has taken the connection, just now.
    bool is_established = false;                      ///< Every subscription was answered, just now.
    std::optional<Error> lost = {};                   ///< The connection is gone; unauthorized: do not hurry back.
    std::vector<client::SyncedRecord> inbound = {};   ///< Records received, in order.
  };

  explicit Subscriber(const Ports& ports) : ports_(ports) {}

  /// Codes: invalid_argument (endpoint).
  Result<void> open(Time now, Effects& effects);
  void close(Effects& effects);
  /// Some subscription was refused for its credentials.
  [[nodiscard]] bool has_refused() const noexcept { return !refused_.empty(); }
  /// Starts those again, on the established connection, which is established anew when they are answered.
  void ask_again(Time now, Effects& effects);
  /// Filters that were refused may be sent again: other expressions are in force.
  void forget_refusals() { unfiltered_.clear(); }

  Outcome on_opened(Time now, SocketId id, Effects& effects);
  Outcome on_frame(Time now, SocketId id, std::string_view text, Effects& effects);
  Outcome on_closed(SocketId id, const Error& reason);
  Outcome on_wake(Time now);

  [[nodiscard]] State state() const noexcept { return state_; }
  /// When on_wake() is next needed.
  [[nodiscard]] std::optional<Tick> wake_at() const;

 private:
  struct Subscribed {
    const ModelSchema* model = nullptr;
    protocol::Subscribed what = protocol::Subscribed::on_create;
    bool has_filter = false;
    bool is_answered = false;
    bool is_again = false;                  ///< Its refusal was reported before.
  };

  Outcome on_acknowledged(Time now, const Value& payload, Effects& effects);
  Outcome on_answered(std::string_view id);
  Outcome on_refused(const protocol::ServerFrame& frame, Effects& effects);
  bool drops_filter(const protocol::ServerFrame& frame, Effects& effects);
  [[nodiscard]] Value filter_of(const ModelSchema& model, protocol::Subscribed what) const;
  Outcome on_connection_error(const Value& payload) const;
  Outcome on_record(const protocol::ServerFrame& frame, Effects& effects);
  void start(const ModelSchema& model, protocol::Subscribed what, Effects& effects, bool is_again = false);
  Outcome established_if_complete();

  const Ports ports_;
  State state_ = State::closed;
  SocketId socket_ = 0;
  Tick deadline_{};                         ///< Of the answer awaited, or of the silence.
  Milliseconds silence_max_{};
  std::map<std::string, Subscribed, std::less<>> subscriptions_;
  std::size_t unanswered_count_ = 0;
  std::vector<Subscribed> refused_;         ///< For their credentials.
  std::set<const ModelSchema*> unfiltered_;  ///< The service refused their filter.
};

}  // namespace holdfast::sync
