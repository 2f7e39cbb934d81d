// Loop: one event loop on one thread; the production Clock and Transport.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/transport.h"

namespace holdfast::net {

/// Thread-safe. Destroying it stops the thread, closes every socket and drops what waits. Not to be destroyed on
/// its own thread.
class Loop final : public Clock, public Transport {
 public:
  static constexpr std::size_t reply_bytes_max = std::size_t{256} << 20U;

  Loop() : Loop(reply_bytes_max) {}
  /// Answers to exchanges that are longer are refused.
  explicit Loop(std::size_t bytes_max);
  ~Loop() override;

  Instant wall() override;
  Tick ticks() override;
  void wake_at(Tick at, std::function<void()> task) override;

  /// Keeps connections open and reuses them. https:// gives unsupported in a build without HOLDFAST_TLS.
  void exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) override;
  std::unique_ptr<Socket> open_socket(SocketRequest request, SocketEvents events) override;
  Result<void> trust(const std::string& ca_file) override;

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace holdfast::net
