// BareServer: Beast and nothing else; answers every request with the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace holdfast::bench {

/// As many threads as net::HttpServer has by default. Stops when it is destroyed.
class BareServer {
 public:
  explicit BareServer(std::string body);
  ~BareServer();
  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace holdfast::bench
