#include "net/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "holdfast/result.h"

namespace holdfast::net {
namespace {

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  HOLDFAST_ASSERT(descriptor >= 0, "no socket for the test");
  const timeval wait{std::chrono::seconds(patience).count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  return descriptor;
}

}  // namespace

RawSocket RawSocket::to(std::uint16_t port) {
  RawSocket out(new_socket());
  const auto address = local(port);
  HOLDFAST_ASSERT(::connect(out.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
                  "the server of the test does not listen");
  return out;
}

void RawSocket::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string RawSocket::read_until(std::string_view end) {
  std::string out;
  std::array<char, 4096> piece{};
  while (end.empty() || out.find(end) == std::string::npos) {
    const auto count = ::recv(descriptor_, piece.data(), end.empty() ? piece.size() : 1, 0);
    was_closed_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) break;
    out.append(piece.data(), static_cast<std::size_t>(count));
  }
  return out;
}

bool RawSocket::is_answered_within(std::chrono::milliseconds wait) const {
  pollfd watched{descriptor_, POLLIN, 0};
  return ::poll(&watched, 1, static_cast<int>(wait.count())) > 0;
}

void RawSocket::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

RawListener::RawListener() : descriptor_(new_socket()) {
  auto address = local(0);
  socklen_t size = sizeof address;
  HOLDFAST_ASSERT(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0, "bind");
  HOLDFAST_ASSERT(::listen(descriptor_, 16) == 0, "listen");
  HOLDFAST_ASSERT(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
}

RawListener::~RawListener() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

RawSocket RawListener::accept() {
  const int descriptor = ::accept(descriptor_, nullptr, nullptr);
  HOLDFAST_ASSERT(descriptor >= 0, "nobody connected");
  const timeval wait{std::chrono::seconds(patience).count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  return RawSocket(descriptor);
}

}  // namespace holdfast::net
