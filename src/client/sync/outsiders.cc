#include "client/sync/outsiders.h"

#include <algorithm>
#include <functional>
#include <string>

namespace holdfast::sync {
namespace {

std::uint64_t hash_of(const Record& record) {
  return std::hash<std::string>{}(record.model->name + record.key().text());
}

}  // namespace

void Outsiders::note(const client::SyncedRecord& told) {
  const auto hash = hash_of(told.record);
  const auto [place, is_new] = versions_.try_emplace(hash, told.metadata.version);
  place->second = std::max(place->second, told.metadata.version);
  if (!is_new) return;
  order_.push_back(hash);
  if (order_.size() <= records_max) return;
  versions_.erase(order_.front());
  order_.pop_front();
}

bool Outsiders::outran(const client::SyncedRecord& frame) const {
  if (versions_.empty()) return false;
  const auto found = versions_.find(hash_of(frame.record));
  return found != versions_.end() && frame.metadata.version <= found->second;
}

void Outsiders::clear() noexcept {
  versions_.clear();
  order_.clear();
}

}  // namespace holdfast::sync
