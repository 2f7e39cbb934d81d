#include "bench/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "bench/by_hand.h"
#include "bench/measure.h"

namespace holdfast::bench {
namespace {

std::size_t length_of_body(std::string_view head) {
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    const auto found = head.find(name);
    if (found == std::string_view::npos) continue;
    std::size_t length = 0;
    std::from_chars(head.data() + found + name.size(), head.data() + head.size(), length);
    return length;
  }
  give_up("an answer without a length");
}

}  // namespace

int connected(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made < 0 || connect(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("no connection");
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

Load::Load(std::uint16_t port, std::size_t callers) : port_(port), poll_(epoll_create1(0)), callers_(callers) {
  for (std::size_t at = 0; at < callers; ++at) connect(at);
}

Load::~Load() {
  for (const auto& caller : callers_) close(caller.socket);
  close(poll_);
}

std::string Load::post(const std::string& body, const std::string& headers) {
  return "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers + "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void Load::connect(std::size_t at) {
  callers_[at].socket = connected(port_);
  epoll_event interest{};
  interest.events = EPOLLIN;
  interest.data.u64 = at;
  if (epoll_ctl(poll_, EPOLL_CTL_ADD, callers_[at].socket, &interest) != 0) give_up("no epoll");
}

void Load::connect_anew() {
  for (std::size_t at = 0; at < callers_.size(); ++at) {
    char byte = 0;
    if (recv(callers_[at].socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0) continue;
    close(callers_[at].socket);
    connect(at);
  }
}

double Load::run(std::size_t count, const Next& next, const Seen& seen) {
  connect_anew();
  return seconds_of([&] {
    std::size_t sent = 0;
    std::size_t answered = 0;
    for (; sent < std::min(count, callers_.size()); ++sent) send(sent, next(sent));
    Ready ready{};
    while (answered < count) {
      const int many = wait(ready);
      for (int each = 0; each < many; ++each) {
        const auto at = static_cast<std::size_t>(ready[static_cast<std::size_t>(each)].data.u64);
        if (!receive(at, seen)) continue;
        ++answered;
        if (sent < count) send(at, next(at)), ++sent;
      }
    }
  });
}

/// One caller alone stays awake: to wake each other on two processors cost client and server a fifth of their time
/// (bench/RESULTS.md), and with clients on another machine no server waits for that.
int Load::wait(Ready& ready) const {
  constexpr int patience_ms = 30'000;
  const auto size = static_cast<int>(ready.size());
  const auto start = std::chrono::steady_clock::now();
  while (callers_.size() == 1 && std::chrono::steady_clock::now() - start < std::chrono::milliseconds(10)) {
    if (const int many = epoll_wait(poll_, ready.data(), size, 0); many > 0) return many;
  }
  const int many = epoll_wait(poll_, ready.data(), size, patience_ms);
  if (many <= 0) give_up("no answer in 30 seconds");
  return many;
}

void Load::send(std::size_t at, const std::string& request) const {
  std::size_t done = 0;
  while (done < request.size()) {
    const auto more = ::send(callers_[at].socket, request.data() + done, request.size() - done, MSG_NOSIGNAL);
    if (more <= 0) give_up("the server went away");
    done += static_cast<std::size_t>(more);
  }
}

bool Load::receive(std::size_t at, const Seen& seen) {
  auto& caller = callers_[at];
  const auto count = recv(caller.socket, caller.buffer.data() + caller.filled, caller.buffer.size() - caller.filled, 0);
  if (count <= 0) give_up("the server closed a connection");
  caller.filled += static_cast<std::size_t>(count);
  const auto all = std::string_view(caller.buffer).substr(0, caller.filled);
  const auto end_of_head = all.find("\r\n\r\n");
  const bool has_head = end_of_head != std::string_view::npos;
  const auto size = has_head ? end_of_head + 4 + length_of_body(all.substr(0, end_of_head + 2)) : 2 * caller.filled;
  if (caller.buffer.size() < size) caller.buffer.resize(size);
  if (!has_head || caller.filled < size) return false;
  const auto answer = std::string_view(caller.buffer).substr(0, size);
  if (!answer.starts_with("HTTP/1.1 200")) give_up("answered: " + std::string(answer));
  if (seen) seen(at, answer.substr(end_of_head + 4));
  caller.filled = 0;
  return true;
}

}  // namespace holdfast::bench
