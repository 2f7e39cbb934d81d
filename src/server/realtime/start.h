// Reading a `start` frame: who asks, for what, and whether that can be.
#pragma once

#include <string>
#include <variant>

#include "protocol/frames.h"
#include "server/parts.h"
#include "server/realtime/subscription.h"

namespace holdfast::server {

/// The words of an error frame.
struct StartRefusal {
  std::string type;
  std::string message;
};

/// Authenticates, parses, validates leniently, and reads the filter. Thread-safe.
std::variant<Listening, StartRefusal> read_start(Server::Parts& parts, const protocol::ClientFrame& frame);
}  // namespace holdfast::server
