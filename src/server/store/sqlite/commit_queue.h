// CommitQueue: concurrent puts share a transaction, and so a sync of the disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace holdfast::server {

/// Callers queue; the first of them commits what stands in the queue, and then the next first what has come
/// meanwhile. A caller alone commits its own put on its own thread, without any hand-over. Thread-safe.
class CommitQueue {
 public:
  using Batch = std::span<const ConditionalPut* const>;
  /// Gives the outcomes parallel to the batch. Never called twice at a time.
  using Commit = std::function<std::vector<Result<PutOutcome>>(Batch)>;

  /// Longer batches would gain little and make their first caller wait.
  static constexpr std::size_t batch_max = 256;

  explicit CommitQueue(Commit commit) : commit_(std::move(commit)) {}

  /// Returns when the put has been committed or refused.
  Result<PutOutcome> put(const ConditionalPut& put);

 private:
  struct Waiting {
    const ConditionalPut* put = nullptr;
    std::optional<Result<PutOutcome>> outcome = {};
  };
  void commit_waiting(std::unique_lock<std::mutex>& lock);

  Commit commit_;
  std::mutex mutex_;  // Guards all below.
  std::condition_variable done_;
  std::deque<Waiting*> waiting_;  // As long as there are threads inside put().
  bool is_committing_ = false;
};

}  // namespace holdfast::server
