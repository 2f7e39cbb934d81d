// BareBroadcast: WebSockets of Beast and nothing else; one frame goes to all who are connected.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace holdfast::bench {

/// As many threads as net::HttpServer keeps for sockets by default. Stops when it is destroyed.
class BareBroadcast {
 public:
  BareBroadcast();
  ~BareBroadcast();
  [[nodiscard]] std::uint16_t port() const noexcept;
  void send(std::string frame);

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace holdfast::bench
