#include "server/realtime/dispatch.h"

#include <map>
#include <utility>

#include "server/realtime/subscription.h"

namespace holdfast::server {
namespace {

constexpr std::size_t queue_max = 10'000;

}  // namespace

void Dispatch::publish(Publisher& publisher, const ChangeEntry& change) {
  publisher.publish(change);
  if (gathered_.empty()) return;
  const std::lock_guard lock(mutex_);
  queued_frames_ += gathered_.size();
  queue_.push_back({change, std::exchange(gathered_, {})});
}

void Dispatch::add(std::weak_ptr<Subscription> subscription) { gathered_.push_back(std::move(subscription)); }

void Dispatch::drain(const Fill& fill) {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [&] { return !is_draining_ || queued_frames_ < queue_max; });
  if (is_draining_) return;
  is_draining_ = true;
  while (!queue_.empty()) {
    const auto item = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    send(item, fill);
    lock.lock();
    queued_frames_ -= item.subscriptions.size();
    drained_.notify_all();
  }
  is_draining_ = false;
  drained_.notify_all();
}

void Dispatch::send(const Item& item, const Fill& fill) {
  // The payloads made for this change: many devices send the same document.
  std::map<const Listening*, Result<std::string>> payloads;
  for (const auto& each : item.subscriptions) {
    const auto subscription = each.lock();
    if (!subscription) continue;
    const auto* listening = subscription->listening().get();
    auto found = payloads.find(listening);
    if (found == payloads.end()) found = payloads.emplace(listening, fill(*subscription, item.change)).first;
    const auto& payload = found->second;
    if (!payload) subscription->abort();
    else if (!payload->empty()) subscription->send(*payload);
  }
}

}  // namespace holdfast::server
