#include "server/publish/publisher.h"

namespace holdfast::server {
namespace {

PublishedKind kind_of(const ChangeEntry& change) {
  if (change.image.metadata.is_deleted) return PublishedKind::deleted;
  return change.is_new ? PublishedKind::created : PublishedKind::updated;
}

}  // namespace

Publisher::Registration::Registration(Registration&& other) noexcept
    : publisher_(std::exchange(other.publisher_, nullptr)), id_(std::exchange(other.id_, 0)) {}

Publisher::Registration& Publisher::Registration::operator=(Registration&& other) noexcept {
  if (this == &other) return *this;
  end();
  publisher_ = std::exchange(other.publisher_, nullptr);
  id_ = std::exchange(other.id_, 0);
  return *this;
}

Publisher::Registration::~Registration() { end(); }

void Publisher::Registration::end() {
  if (publisher_ != nullptr) publisher_->end(id_);
}

Publisher::Registration Publisher::listen(Interest interest, Listener listener) {
  HOLDFAST_ASSERT(interest.model != nullptr, "an interest names a model");
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = ++last_id_;
  const auto place = entries_.try_emplace(Topic(interest.model->name, interest.kind)).first;
  place->second.emplace(id, Entry{std::move(interest.filter), std::move(listener)});
  places_.emplace(id, place);
  return {*this, id};
}

void Publisher::publish(const ChangeEntry& change) {
  const std::lock_guard lock(mutex_);
  const auto interested = entries_.find(Topic(change.image.record.model->name, kind_of(change)));
  if (interested == entries_.end()) return;
  for (const auto& [id, entry] : interested->second) {
    if (!entry.filter || evaluate(*entry.filter, change.image.record)) entry.listener(change);
  }
}

void Publisher::end(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  const auto entries = place->second;
  entries->second.erase(id);
  if (entries->second.empty()) entries_.erase(entries);
  places_.erase(place);
}

}  // namespace holdfast::server
