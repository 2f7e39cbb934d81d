// The whole path with its real threads in one process, for ThreadSanitizer: a backend on a socket, two devices, and
// applications that write, read, observe and stop from several threads at once.

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "api/document.h"
#include "base/random.h"
#include "holdfast/datastore.h"
#include "model/testing.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"

namespace holdfast {
namespace {

constexpr auto patience = std::chrono::seconds(60);

/// The rows an observer was told of; wakes whoever waits for them.
class Seen {
 public:
  void add(const RecordChange& change) {
    {
      const std::lock_guard lock(mutex_);
      rows_[change.record.key().text()] = change.record;
    }
    changed_.notify_all();
  }
  bool reaches(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return rows_.size() >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Record> rows_;
};

class Threads : public ::testing::Test {
 protected:
  Threads()
      : random_(system_random()),
        store_(server::memory_store(schema_, loop_)),
        server_(server::Server::make({schema_, api::document(schema_), *store_, loop_, *random_, silent_log()}, {}).value()),
        http_(net::HttpServer::listen(*server_, silent_log(), {.threads = 3}).value()) {}

  [[nodiscard]] SyncOptions sync() const {
    SyncOptions options;
    options.endpoint = "http://127.0.0.1:" + std::to_string(http_->port()) + "/graphql";
    return options;
  }
  DataStore device() { return DataStore::open(schema_).value(); }
  Record post(const std::string& title) { return testing::record(posts_, {{"title", title}, {"rating", 1}}); }

  const Schema schema_ = testing::blog_schema();
  const ModelSchema& posts_ = *schema_.model("Post");
  net::Loop loop_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<server::Store> store_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<net::HttpServer> http_;
};

TEST_F(Threads, SavesOfManyThreadsOnTwoDevicesReachBothObservers) {
  constexpr std::size_t writers = 4;
  constexpr std::size_t saves = 25;
  auto first = device();
  auto second = device();
  Seen seen_by_first;
  Seen seen_by_second;
  const auto watch_first = first.observe_records(posts_, {}, [&](const RecordChange& change) { seen_by_first.add(change); });
  const auto watch_second = second.observe_records(posts_, {}, [&](const RecordChange& change) { seen_by_second.add(change); });
  ASSERT_TRUE(first.start(sync()));
  ASSERT_TRUE(second.start(sync()));
  std::vector<std::thread> threads;
  for (std::size_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      auto& store = writer % 2 == 0 ? first : second;
      for (std::size_t at = 0; at < saves; ++at) {
        EXPECT_TRUE(store.save_record(post(std::to_string(writer) + "-" + std::to_string(at)), nullptr, {}));
        EXPECT_TRUE(store.query_records(posts_, {.limit = 3}, [](Record&) {}));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(seen_by_first.reaches(writers * saves));
  EXPECT_TRUE(seen_by_second.reaches(writers * saves));
}

TEST_F(Threads, TransactionsOfManyThreadsArriveWholeWhileSyncing) {
  constexpr std::size_t writers = 3;
  constexpr std::size_t rounds = 20;
  const auto& comments = *schema_.model("Comment");
  auto first = device();
  auto second = device();
  Seen posts_seen;
  Seen comments_seen;
  const auto watch_posts = second.observe_records(posts_, {}, [&](const RecordChange& change) { posts_seen.add(change); });
  const auto watch_comments =
      second.observe_records(comments, {}, [&](const RecordChange& change) { comments_seen.add(change); });
  std::atomic<int> halves = 0;
  const auto watch = first.observe_records(comments, {}, [&](const RecordChange& change) {
    const auto post = first.find_record(posts_, Key{{change.record["postCommentsId"]}});
    if (!post || !*post) ++halves;
  });
  ASSERT_TRUE(first.start(sync()));
  ASSERT_TRUE(second.start(sync()));
  std::vector<std::thread> threads;
  for (std::size_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (std::size_t round = 0; round < rounds; ++round) {
        const auto both = [&](Transaction& transaction) -> Result<void> {
          HOLDFAST_TRY(saved, transaction.save_record(post("t"), nullptr, {}));
          const auto on_it = testing::record(comments, {{"content", "c"}, {"postCommentsId", saved["id"]}});
          HOLDFAST_TRY(child, transaction.save_record(on_it, nullptr, {}));
          // Every fourth is undone, one way or the other.
          if (round % 8 == 3) return Error{Code::rejected, "undone"};
          if (round % 8 == 7) throw std::runtime_error("undone");
          return {};
        };
        try {
          EXPECT_EQ(first.transaction(both).has_value(), round % 8 != 3);
        } catch (const std::runtime_error&) {
          EXPECT_EQ(round % 8, 7U);
        }
        EXPECT_TRUE(first.save_record(post("alone " + std::to_string(writer)), nullptr, {}));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  constexpr std::size_t whole = writers * (rounds - rounds / 4);
  EXPECT_TRUE(comments_seen.reaches(whole));
  EXPECT_TRUE(posts_seen.reaches(whole + writers * rounds));
  EXPECT_EQ(halves, 0);
}

// L08, L12, L15
TEST_F(Threads, StoppingStartingAndCancellingWhileOthersWriteIsSafe) {
  auto store = device();
  std::atomic<bool> is_over = false;
  std::thread writer([&] {
    for (int at = 0; !is_over; ++at) EXPECT_TRUE(store.save_record(post(std::to_string(at)), nullptr, {}));
  });
  std::thread watcher([&] {
    while (!is_over) {
      int calls = 0;
      auto watch = store.observe_records(posts_, {}, [&calls](const RecordChange&) { ++calls; });
      watch.cancel();
      ++calls;  // Nobody else touches it once cancel() has returned.
    }
  });
  for (int round = 0; round < 10; ++round) {
    EXPECT_TRUE(store.start(sync()));
    store.set_online(round % 2 == 0);
    store.stop();
    EXPECT_TRUE(round % 3 > 0 || store.clear());
  }
  is_over = true;
  writer.join();
  watcher.join();
}

TEST_F(Threads, TheBackendStopsWhileDevicesAreTalkingToIt) {
  auto store = device();
  Seen seen;
  const auto watch = store.observe_records(posts_, {}, [&](const RecordChange& change) { seen.add(change); });
  ASSERT_TRUE(store.start(sync()));
  for (int at = 0; at < 20; ++at) ASSERT_TRUE(store.save_record(post(std::to_string(at)), nullptr, {}));
  http_->stop();
  for (int at = 0; at < 20; ++at) ASSERT_TRUE(store.save_record(post("late " + std::to_string(at)), nullptr, {}));
  EXPECT_TRUE(seen.reaches(40));
}

}  // namespace
}  // namespace holdfast
