#include "client/effect_queue.h"

#include <utility>

namespace holdfast {

void EffectQueue::push(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (!is_closed_) tasks_.push_back(std::move(task));
}

void EffectQueue::run() {
  std::unique_lock lock(mutex_);
  if (runner_ != ThreadId()) return;
  runner_ = std::this_thread::get_id();
  while (!tasks_.empty()) {
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
  runner_ = ThreadId();
  idle_.notify_all();
}

void EffectQueue::close() {
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  tasks_.clear();
  idle_.wait(lock, [this] { return !is_running_elsewhere(); });
}

void EffectQueue::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !is_running_elsewhere(); });
}

bool EffectQueue::is_running_elsewhere() const {
  return runner_ != ThreadId() && runner_ != std::this_thread::get_id();
}

}  // namespace holdfast
