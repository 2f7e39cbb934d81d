#include "server/realtime/dispatch.h"

#include <utility>

#include "server/realtime/subscription.h"

namespace holdfast::server {
namespace {

constexpr std::size_t queue_max = 10'000;

}  // namespace

void Dispatch::publish(Publisher& publisher, const ChangeEntry& change) {
  {
    const std::lock_guard lock(mutex_);
    // Shared by all subscriptions that will be told.
    current_ = std::make_shared<const ChangeEntry>(change);
  }
  publisher.publish(change);
}

void Dispatch::add(std::weak_ptr<Subscription> subscription) {
  const std::lock_guard lock(mutex_);
  queue_.push_back({current_, std::move(subscription)});
}

void Dispatch::drain(const Fill& fill) {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [&] { return !is_draining_ || queue_.size() < queue_max; });
  if (is_draining_) return;
  is_draining_ = true;
  while (!queue_.empty()) {
    const auto item = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    send(item, fill);
    lock.lock();
    drained_.notify_all();
  }
  is_draining_ = false;
  drained_.notify_all();
}

void Dispatch::send(const Item& item, const Fill& fill) {
  const auto subscription = item.subscription.lock();
  if (!subscription) return;
  const bool is_same = filled_sequence_ == item.change->sequence && filled_key_ == subscription->document_key();
  if (!is_same) {
    auto filled = fill(*subscription, *item.change);
    if (!filled) return subscription->abort();
    filled_ = *std::move(filled);
    filled_sequence_ = item.change->sequence;
    filled_key_ = subscription->document_key();
  }
  if (!filled_.empty()) subscription->send(filled_);
}

}  // namespace holdfast::server
