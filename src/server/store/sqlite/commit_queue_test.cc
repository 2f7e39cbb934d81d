#include "server/store/sqlite/commit_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace holdfast::server {
namespace {

/// Answers a put with its expected version + 1; an error for negative ones.
std::vector<Result<PutOutcome>> answered(CommitQueue::Batch batch) {
  std::vector<Result<PutOutcome>> outcomes;
  for (const ConditionalPut* put : batch) {
    PutOutcome outcome;
    outcome.image.metadata.version = put->expected_version + 1;
    if (put->expected_version < 0) {
      outcomes.emplace_back(Error{Code::disk_full, "full"});
    } else {
      outcomes.emplace_back(std::move(outcome));
    }
  }
  return outcomes;
}

TEST(CommitQueue, CommitsALonePutOnItsOwnThread) {
  std::thread::id committer;
  CommitQueue queue([&](CommitQueue::Batch batch) {
    committer = std::this_thread::get_id();
    EXPECT_EQ(batch.size(), 1U);
    return answered(batch);
  });
  ConditionalPut put;
  put.expected_version = 4;
  EXPECT_EQ(queue.put(put).value().image.metadata.version, 5);
  EXPECT_EQ(committer, std::this_thread::get_id());
}

TEST(CommitQueue, GivesEveryCallerItsOwnOutcomeAndSharesCommits) {
  constexpr int threads = 8;
  constexpr int puts = 100;
  int commits = 0;  // Without a lock of its own: commits never run at the same time.
  int committed = 0;
  CommitQueue queue([&](CommitQueue::Batch batch) {
    ++commits;
    committed += static_cast<int>(batch.size());
    EXPECT_LE(batch.size(), CommitQueue::batch_max);
    for (int turn = 0; turn < 50; ++turn) std::this_thread::yield();  // As a disk would: others come meanwhile.
    return answered(batch);
  });
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&, t] {
      for (int i = 0; i < puts; ++i) {
        ConditionalPut put;
        put.expected_version = i % 10 == 9 ? -1 : t * puts + i;
        const auto outcome = queue.put(put);
        if (put.expected_version < 0) {
          EXPECT_EQ(outcome.error().code, Code::disk_full);
        } else {
          EXPECT_EQ(outcome.value().image.metadata.version, put.expected_version + 1);
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(committed, threads * puts);
  EXPECT_LT(commits, committed) << "no two puts ever shared a commit";
}

}  // namespace
}  // namespace holdfast::server
