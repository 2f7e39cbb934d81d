#include "server/store/sqlite/commit_queue.h"

#include <algorithm>

namespace holdfast::server {

Result<PutOutcome> CommitQueue::put(const ConditionalPut& put) {
  Waiting mine{&put};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  while (!mine.outcome) {
    if (is_committing_) {
      done_.wait(lock);
    } else {
      commit_waiting(lock);
    }
  }
  return *std::move(mine.outcome);
}

void CommitQueue::commit_waiting(std::unique_lock<std::mutex>& lock) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), batch_max));
  const std::vector<Waiting*> taken(waiting_.begin(), waiting_.begin() + count);
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  std::vector<const ConditionalPut*> batch;
  for (const Waiting* one : taken) batch.push_back(one->put);

  is_committing_ = true;
  lock.unlock();
  std::vector<Result<PutOutcome>> outcomes = commit_(batch);
  lock.lock();
  is_committing_ = false;

  HOLDFAST_ASSERT(outcomes.size() == taken.size(), "every put of a batch has its outcome");
  for (std::size_t i = 0; i < taken.size(); ++i) taken[i]->outcome = std::move(outcomes[i]);
  done_.notify_all();
}

}  // namespace holdfast::server
