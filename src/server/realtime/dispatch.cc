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
  Item item{WrittenChange{change, {}}, std::exchange(gathered_, {})};
  if (!hold(item)) queue(std::move(item));
}

void Dispatch::queue(Item item) {
  queued_frames_ += item.subscriptions.size();
  queue_.push_back(std::move(item));
}

bool Dispatch::hold(Item& item) {
  const auto& change = std::get<WrittenChange>(item.news).entry;
  if (change.request == 0 && held_.empty()) return false;
  RecordName name(change.image.record.model->name, change.image.record.key().text());
  const auto before = held_.find(name);
  if (change.request == 0 && before == held_.end()) return false;
  const auto request = change.request;
  held_[std::move(name)].push_back({std::move(item), request});
  return true;
}

void Dispatch::settle(std::uint64_t request, const AnsweredFields& answered) {
  const std::lock_guard lock(mutex_);
  for (auto place = held_.begin(); place != held_.end();) {
    auto& [name, items] = *place;
    for (auto& held : items) {
      if (held.request != request) continue;
      held.request = 0;
      auto& written = std::get<WrittenChange>(held.item.news);
      const auto found = answered.find({name.first, name.second, written.entry.image.metadata.version});
      if (found != answered.end()) written.answered = found->second;
    }
    for (; !items.empty() && items.front().request == 0; items.pop_front()) queue(std::move(items.front().item));
    place = items.empty() ? held_.erase(place) : std::next(place);
  }
}

void Dispatch::add(std::weak_ptr<Subscription> subscription) { gathered_.push_back(std::move(subscription)); }

void Dispatch::listen(const std::string& mutation, std::weak_ptr<Subscription> subscription) {
  const std::lock_guard lock(mutex_);
  auto& all = listeners_[mutation];
  // Looked through only when it would grow, so that each is looked at a few times at most.
  if (all.size() == all.capacity()) std::erase_if(all, [](const auto& each) { return each.expired(); });
  all.push_back(std::move(subscription));
}

bool Dispatch::is_heard(std::string_view mutation) {
  const std::lock_guard lock(mutex_);
  const auto found = listeners_.find(mutation);
  return found != listeners_.end() && !found->second.empty();
}

void Dispatch::publish(AnsweredMutation answered) {
  const std::lock_guard lock(mutex_);
  const auto found = listeners_.find(answered.mutation);
  if (found == listeners_.end()) return;
  auto& all = found->second;
  std::erase_if(all, [](const auto& each) { return each.expired(); });
  if (all.empty()) return;
  queue({std::move(answered), all});
}

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
  // The payloads made for this piece of news: many devices send the same document.
  std::map<const Listening*, Result<std::string>> payloads;
  for (const auto& each : item.subscriptions) {
    const auto subscription = each.lock();
    if (!subscription) continue;
    const auto* listening = subscription->listening().get();
    auto found = payloads.find(listening);
    if (found == payloads.end()) found = payloads.emplace(listening, fill(*subscription, item.news)).first;
    const auto& payload = found->second;
    if (!payload) subscription->abort();
    else if (!payload->empty()) subscription->send(*payload);
  }
}

}  // namespace holdfast::server
