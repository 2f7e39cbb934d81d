#include "client/sync/sweep.h"

#include <algorithm>
#include <functional>
#include <string>

namespace holdfast::sync {
namespace {

std::uint64_t hash_of(const Key& key) { return std::hash<std::string>{}(key.text()); }

}  // namespace

void SeenKeys::add(const Key& key) {
  if (is_whole()) hashes_.push_back(hash_of(key));
}

void SeenKeys::seal() {
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
}

bool SeenKeys::has(const Key& key) const { return std::binary_search(hashes_.begin(), hashes_.end(), hash_of(key)); }

Result<Sweep> Sweep::find(client::Storage& storage, const Plan& plan) {
  Sweep sweep(plan.model, plan.told_until);
  HOLDFAST_TRY(read, storage.query(plan.model, {}, [&](Record& row) {
    auto key = row.key();
    const bool is_told = !plan.seen || plan.seen->has(key);
    if (!is_told || !plan.selection.keeps(row)) sweep.candidates_.push_back({std::move(key), is_told});
  }));
  return sweep;
}

Result<void> Sweep::step(client::Transaction& transaction, const Selection& selection, Applied& applied) {
  const auto end = std::min(candidates_.size(), next_ + step_rows);
  const auto after = selection.keeps_all(*model_) ? Afterwards::unknown : Afterwards::version_known;
  for (; next_ < end; ++next_) {
    const auto& [key, is_told] = candidates_[next_];
    HOLDFAST_TRY(stored, transaction.find(*model_, key));
    if (!stored.record) continue;
    // What the service answered meanwhile was in none of the pages.
    const bool is_older = epoch_ms(stored.metadata.last_changed_at) < told_until_;
    if (selection.keeps(*stored.record) && (is_told || !is_older)) continue;
    HOLDFAST_TRY(evicted, evict(transaction, {*model_, key}, after, applied));
  }
  return {};
}

}  // namespace holdfast::sync
