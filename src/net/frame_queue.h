// FrameQueue: the frames a WebSocket still has to write, and how it will be closed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace holdfast::net {

/// Frames are shared: one text goes to all who receive it.
using SharedFrame = std::shared_ptr<const std::string>;

/// What the queues of all sockets of a server hold together. Thread-safe.
struct FrameBudget {
  explicit FrameBudget(std::size_t most) : bytes_max(most) {}
  const std::size_t bytes_max;
  std::atomic<std::size_t> bytes = 0;
};

/// A WebSocket close: the code of RFC 6455 §7.4 and a reason of at most 123 bytes.
struct Closing {
  int code = 1000;
  std::string reason = {};
};

/// What the writer does next: write the frame, or else close, or else rest until it is woken.
struct WriteStep {
  SharedFrame frame = {};
  std::optional<Closing> closing = {};
};

enum class Waiting : std::uint8_t { written_first, dropped };

/// Thread-safe. Invariant: the bytes of the waiting frames and of the one being written are at most `bytes_max`, and
/// at most `spared_bytes` while the budget that all queues share is spent. A frame that would break it drops those that
/// wait and closes with 1013.
class FrameQueue {
 public:
  /// A queue that holds less is never closed for what others hold.
  static constexpr std::size_t spared_bytes = std::size_t{256} << 10U;

  explicit FrameQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  /// `budget` is shared with the other queues, some of which may outlive their server.
  FrameQueue(std::size_t bytes_max, std::shared_ptr<FrameBudget> budget)
      : bytes_max_(bytes_max), budget_(std::move(budget)) {}
  ~FrameQueue();

  /// These return true when the writer must be woken. After a close, and after end(), they do nothing.
  [[nodiscard]] bool push(SharedFrame frame);
  [[nodiscard]] bool close(Closing closing, Waiting waiting);

  /// The writer's: also says that the frame of the step before has been written.
  [[nodiscard]] WriteStep next();
  /// The connection is gone: drops what waits, and everything to come.
  void end();

  /// How it was or will be closed from this side, if it was.
  [[nodiscard]] std::optional<Closing> closing() const;

 private:
  void drop_waiting();
  void count(std::size_t added, std::size_t removed);
  [[nodiscard]] bool has_room(std::size_t bytes) const;

  const std::size_t bytes_max_;
  // Shared: see the constructor. Null when the queue stands alone.
  const std::shared_ptr<FrameBudget> budget_;
  mutable std::mutex mutex_;
  std::deque<SharedFrame> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t writing_bytes_ = 0;
  std::optional<Closing> closing_;
  bool is_closing_taken_ = false;
  bool is_resting_ = true;  ///< The writer has nothing to do and has to be woken.
  bool is_ended_ = false;
};

}  // namespace holdfast::net
