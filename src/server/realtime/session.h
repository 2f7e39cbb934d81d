// RealtimeSession: AppSync's realtime protocol on one connection (spec/protocol.md section 2).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/transport.h"
#include "protocol/frames.h"
#include "server/parts.h"
#include "server/realtime/asked_start.h"
#include "server/realtime/subscription.h"

namespace holdfast::server {

/// A connection that has not said connection_init by then is closed.
inline constexpr Milliseconds handshake_limit{15'000};

/// Passive: answers frames. Its functions are called one at a time;
/// data frames and keep-alives come from other threads.
class RealtimeSession final : public SocketSession {
 public:
  /// What the credentials of the handshake were worth.
  enum class Entry : std::uint8_t { open, unauthorized, malformed };

  /// `parts` are shared: the network may close the session after the server is gone. `peer` is shared with the
  /// network and the clock's tasks. Unless `entry` is open, the first frame is answered with connection_error.
  RealtimeSession(std::shared_ptr<Server::Parts> parts, std::shared_ptr<SocketPeer> peer, Entry entry);
  ~RealtimeSession() override;

  void on_frame(std::string_view frame) override;
  void on_closed() override;

 private:
  /// What the clock's tasks need; they hold it weakly.
  struct Line;
  struct Open {
    std::shared_ptr<Subscription> subscription;  ///< Shared with the dispatch, weakly.
    std::vector<Publisher::Registration> registrations;
    std::size_t bytes = 0;  ///< Counted in `open_bytes_`.
    Held counted;
  };

  /// A start that waits for what the author's function says. Dropping it cancels the start.
  struct Asked {
    std::shared_ptr<AskedStart> start;  ///< Shared with whoever asks, which may be about to.
    std::size_t bytes = 0;              ///< Counted in `open_bytes_`.
  };

  void init();
  void refuse_entry();
  void start(protocol::ClientFrame frame, std::size_t frame_bytes);
  void stop(const std::string& id);
  void refuse(const std::string& id, std::string_view type, std::string_view message);
  void send(const protocol::ServerFrame& frame);
  /// Lets the function of the subscription itself say whether it may start; frames that follow do not wait for that.
  void ask(const protocol::ClientFrame& frame, std::shared_ptr<const Listening> listening, std::size_t bytes);
  /// What came of it, unless the start was cancelled or replaced meanwhile.
  void settle(const std::string& id, const std::weak_ptr<AskedStart>& asked);
  void forget_asked(const std::string& id);
  /// Ends what is open or asked under the id.
  void forget(const std::string& id);
  void listen(const std::string& id, const std::shared_ptr<const Listening>& listening, std::size_t bytes);

  std::shared_ptr<Server::Parts> parts_;  // Shared: see the constructor.
  std::shared_ptr<Line> line_;            // Shared so that the clock's tasks can hold it weakly.
  Entry entry_;
  bool is_initialised_ = false;
  std::map<std::string, Open> open_;
  std::map<std::string, Asked> asked_;
  std::size_t open_bytes_ = 0;
};

}  // namespace holdfast::server
