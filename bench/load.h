// Load: many callers of an HTTP server on loopback, each with one request in flight, driven by one thread.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::bench {

/// A TCP connection of 127.0.0.1, without Nagle's delay.
int connected(std::uint16_t port);

/// Connections are kept. Gives up, with a message, on anything but whole answers with status 200.
class Load {
 public:
  /// The bytes of caller `at`'s next request.
  using Next = std::function<std::string(std::size_t at)>;
  /// The body of the answer to it.
  using Seen = std::function<void(std::size_t at, std::string_view body)>;

  Load(std::uint16_t port, std::size_t callers);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Seconds for `count` requests.
  double run(std::size_t count, const Next& next, const Seen& seen = {});

  /// A POST of JSON to /graphql; further headers each end with CRLF.
  static std::string post(const std::string& body, const std::string& headers = {});

 private:
  struct Caller {
    int socket = -1;
    std::string buffer = std::string(16U << 10U, '\0');  ///< Its front is filled; an answer is read where it stays.
    std::size_t filled = 0;
  };
  using Ready = std::array<epoll_event, 64>;

  void connect(std::size_t at);
  /// What the server has closed since the last run: Node does so after some seconds.
  void connect_anew();
  int wait(Ready& ready) const;
  void send(std::size_t at, const std::string& request) const;
  bool receive(std::size_t at, const Seen& seen);

  std::uint16_t port_;
  int poll_ = -1;
  std::vector<Caller> callers_;
};

}  // namespace holdfast::bench
