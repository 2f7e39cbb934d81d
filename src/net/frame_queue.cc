#include "net/frame_queue.h"

#include <utility>

namespace holdfast::net {
namespace {

constexpr int try_again_later = 1013;
constexpr std::size_t reason_bytes_max = 123;

}  // namespace

FrameQueue::~FrameQueue() { count(0, waiting_bytes_ + writing_bytes_); }

void FrameQueue::count(std::size_t added, std::size_t removed) {
  if (!budget_) return;
  budget_->bytes += added;
  budget_->bytes -= removed;
}

bool FrameQueue::has_room(std::size_t bytes) const {
  const auto held = waiting_bytes_ + writing_bytes_ + bytes;
  if (held > bytes_max_) return false;
  return !budget_ || held <= spared_bytes || budget_->bytes + bytes <= budget_->bytes_max;
}

bool FrameQueue::push(SharedFrame frame) {
  const std::lock_guard lock(mutex_);
  if (is_ended_ || closing_) return false;
  if (!has_room(frame->size())) {
    drop_waiting();
    closing_ = Closing{try_again_later, "Frames were read too slowly."};
    return true;
  }
  waiting_bytes_ += frame->size();
  count(frame->size(), 0);
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
  count(0, std::exchange(writing_bytes_, 0));
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
  count(0, std::exchange(writing_bytes_, 0));
  is_ended_ = true;
}

std::optional<Closing> FrameQueue::closing() const {
  const std::lock_guard lock(mutex_);
  return closing_;
}

void FrameQueue::drop_waiting() {
  waiting_.clear();
  waiting_.shrink_to_fit();
  count(0, std::exchange(waiting_bytes_, 0));
}

}  // namespace holdfast::net
