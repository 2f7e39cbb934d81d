#include "bench/audience.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "bench/by_hand.h"
#include "bench/load.h"

namespace holdfast::bench {
namespace {

void say(int socket, const std::string& bytes) {
  if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) give_up("cannot send");
}

/// A client's text frame under a mask of zeros.
std::string masked(const std::string& text) {
  std::string frame("\x81");
  if (text.size() < 126) {
    frame.push_back(static_cast<char>(0x80U | text.size()));
  } else {
    frame.push_back(static_cast<char>(0x80U | 126U));
    frame.push_back(static_cast<char>(text.size() / 256));
    frame.push_back(static_cast<char>(text.size() % 256));
  }
  return frame.append(4, '\0') + text;
}

std::string handshake(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\n";
}

void read_more(int socket, std::string& into) {
  std::array<char, 65'536> piece{};
  const auto count = ::recv(socket, piece.data(), piece.size(), 0);
  if (count <= 0) give_up("a socket was closed");
  into.append(piece.data(), static_cast<std::size_t>(count));
}

}  // namespace

Audience::Audience(std::uint16_t port, std::size_t size, const Manners& manners) : poll_(epoll_create1(0)), listeners_(size) {
  for (std::size_t at = 0; at < size; ++at) {
    auto& listener = listeners_[at];
    listener.socket = connected(port);
    say(listener.socket, handshake(manners.target));
    std::size_t end = std::string::npos;
    while ((end = listener.received.find("\r\n\r\n")) == std::string::npos) read_more(listener.socket, listener.received);
    if (!listener.received.starts_with("HTTP/1.1 101")) give_up("no WebSocket: " + listener.received);
    listener.received.erase(0, end + 4);
    for (const auto& word : manners.words) say(listener.socket, masked(word));
    for (std::size_t heard = take_frames(listener, ""); heard < manners.answers; heard += take_frames(listener, "")) {
      read_more(listener.socket, listener.received);
    }
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.u64 = at;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, listener.socket, &interest) != 0) give_up("no epoll");
  }
}

Audience::~Audience() {
  for (const auto& listener : listeners_) close(listener.socket);
  close(poll_);
}

std::size_t Audience::take_frames(Listener& listener, const std::string& start) {
  std::size_t count = 0;
  std::size_t from = 0;
  const std::string& bytes = listener.received;
  while (bytes.size() >= from + 4) {
    std::size_t length = static_cast<unsigned char>(bytes[from + 1]);
    std::size_t head = 2;
    if (length == 127) give_up("a frame is longer than the figures send");
    if (length == 126) {
      length = static_cast<unsigned char>(bytes[from + 2]) * std::size_t{256} + static_cast<unsigned char>(bytes[from + 3]);
      head = 4;
    }
    if (bytes.size() < from + head + length) break;
    if (bytes.compare(from + head, start.size(), start) == 0) ++count;
    from += head + length;
  }
  listener.received.erase(0, from);
  return count;
}

void Audience::hear(std::size_t count, const std::string& start) {
  std::array<epoll_event, 256> ready{};
  for (std::size_t missing = count * listeners_.size(); missing > 0;) {
    const int found = epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 60'000);
    if (found <= 0) give_up("frames do not come");
    for (int at = 0; at < found; ++at) {
      auto& listener = listeners_[ready[static_cast<std::size_t>(at)].data.u64];
      read_more(listener.socket, listener.received);
      missing -= std::min(missing, take_frames(listener, start));
    }
  }
}

}  // namespace holdfast::bench
