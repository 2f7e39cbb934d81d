// Audience: many WebSockets on loopback that listen, driven by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::bench {

/// Gives up, with a message, on anything but whole text frames.
class Audience {
 public:
  /// Each socket connects to `target` and says `words`, then hears `answers` frames before the next one comes.
  struct Manners {
    std::string target = "/";
    std::vector<std::string> words = {};
    std::size_t answers = 0;
  };
  Audience(std::uint16_t port, std::size_t size, const Manners& manners);
  ~Audience();
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;

  /// Returns when every socket has heard `count` further frames that begin with `start`.
  void hear(std::size_t count, const std::string& start);

 private:
  struct Listener {
    int socket = -1;
    std::string received;
  };
  static std::size_t take_frames(Listener& listener, const std::string& start);

  int poll_ = -1;
  std::vector<Listener> listeners_;
};

}  // namespace holdfast::bench
