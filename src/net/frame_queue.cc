#include "net/frame_queue.h"

#include <utility>

namespace holdfast::net {
namespace {

constexpr int try_again_later = 1013;
constexpr std::size_t reason_bytes_max = 123;

}  // namespace

bool FrameQueue::push(SharedFrame frame) {
  const std::lock_guard lock(mutex_);
  if (is_ended_ || closing_) return false;
  if (waiting_bytes_ + writing_bytes_ + frame->size() > bytes_max_) {
    drop_waiting();
    closing_ = Closing{try_again_later, "Frames were read too slowly."};
    return true;
  }
  waiting_bytes_ += frame->size();
  waiting_.push_back(std::move(frame));
  return std::exchange(is_resting_, false);
}

bool FrameQueue::close(Closing closing, Waiting waiting) {
  const std::lock_guard lock(mutex_);
  if (is_ended_ || closing_) return false;
  if (waiting == Waiting::dropped) drop_waiting();
  if (closing.reason.size() > reason_bytes_max) closing.reason.resize(reason_bytes_max);
  closing_ = std::move(closing);
  return true;
}

WriteStep FrameQueue::next() {
  const std::lock_guard lock(mutex_);
  WriteStep step;
  writing_bytes_ = 0;
  if (!waiting_.empty()) {
    step.frame = std::move(waiting_.front());
    waiting_.pop_front();
    writing_bytes_ = step.frame->size();
    waiting_bytes_ -= writing_bytes_;
  } else if (closing_ && !is_ended_ && !std::exchange(is_closing_taken_, true)) {
    step.closing = closing_;
  }
  is_resting_ = step.frame == nullptr;
  return step;
}

void FrameQueue::end() {
  const std::lock_guard lock(mutex_);
  drop_waiting();
  is_ended_ = true;
}

std::optional<Closing> FrameQueue::closing() const {
  const std::lock_guard lock(mutex_);
  return closing_;
}

void FrameQueue::drop_waiting() {
  waiting_.clear();
  waiting_bytes_ = 0;
}

}  // namespace holdfast::net
