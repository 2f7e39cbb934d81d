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
#include "server/realtime/subscription.h"

namespace holdfast::server {

/// Subscriptions of one connection; a `start` beyond is refused with OperationDisabled, which clients take quietly.
inline constexpr std::size_t subscriptions_max = 1000;
/// A connection that has not said connection_init by then is closed.
inline constexpr Milliseconds handshake_limit{15'000};

/// Passive: answers frames. Its functions are called one at a time; data frames and keep-alives come from other threads.
class RealtimeSession final : public SocketSession {
 public:
  /// `parts` are shared: the network may close the session after the server is gone. `peer` is shared with the
  /// network and the clock's tasks. `is_authorized` false: the first frame is answered with connection_error.
  RealtimeSession(std::shared_ptr<Server::Parts> parts, std::shared_ptr<SocketPeer> peer, bool is_authorized);
  ~RealtimeSession() override;

  void on_frame(std::string_view frame) override;
  void on_closed() override;

 private:
  /// What the clock's tasks need; they hold it weakly.
  struct Line;
  struct Open {
    std::shared_ptr<Subscription> subscription;  ///< Shared with the dispatch, weakly.
    Publisher::Registration registration;
    Held counted;
  };

  void init();
  void start(protocol::ClientFrame frame);
  void stop(const std::string& id);
  void refuse(const std::string& id, std::string_view type, std::string_view message);
  void send(const protocol::ServerFrame& frame);
  void listen(const std::string& id, Listening listening);

  std::shared_ptr<Server::Parts> parts_;  // Shared: see the constructor.
  std::shared_ptr<Line> line_;            // Shared so that the clock's tasks can hold it weakly.
  bool is_authorized_;
  bool is_initialised_ = false;
  std::map<std::string, Open> open_;
};

}  // namespace holdfast::server
