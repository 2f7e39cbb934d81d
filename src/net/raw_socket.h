// Plain blocking sockets and bounded waits for this room's tests: the other side that keeps no rules.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::net {

/// Longer than anything here takes, even under a sanitizer on a busy machine.
inline constexpr std::chrono::seconds patience{20};

/// A TCP connection of 127.0.0.1. Every read waits for `patience` at most.
class RawSocket {
 public:
  explicit RawSocket(int descriptor) : descriptor_(descriptor) {}
  static RawSocket to(std::uint16_t port);
  RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() { close(); }

  void write(std::string_view bytes);
  /// What has arrived when `end` does, or when the connection closes.
  std::string read_until(std::string_view end);
  /// Everything until the other side closes. `was_closed()` tells whether it did in time.
  std::string read_all() { return read_until(""); }
  /// Whether anything has arrived by then, the connection's end included.
  [[nodiscard]] bool is_answered_within(std::chrono::milliseconds wait) const;
  [[nodiscard]] bool was_closed() const { return was_closed_; }
  void close();

 private:
  int descriptor_;
  bool was_closed_ = false;
};

class RawListener {
 public:
  RawListener();
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  RawSocket accept();
  /// The descriptor, to be closed by who takes it.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

/// Collects what callbacks of other threads say.
template <class T>
class Notes {
 public:
  void add(T note) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(note));
    changed_.notify_all();
  }
  /// The notes, as soon as there are `count`, or when patience ends.
  std::vector<T> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return notes_.size() >= count; });
    return notes_;
  }
  std::vector<T> now() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> notes_;
};

}  // namespace holdfast::net
