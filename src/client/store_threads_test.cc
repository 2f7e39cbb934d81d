// What a store promises between threads, without a network; with one: tests/threads. Meant for the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "holdfast/datastore.h"
#include "model/testing.h"

namespace holdfast {
namespace {

using testing::record;

TEST(StoreOnThreads, ObserversThroughRelationsAreToldWhileTheirModelsChange) {
  constexpr int rounds = 30;
  const auto schema = holdfast::testing::blog_schema();
  const auto& posts = *schema.model("Post");
  const auto& comments = *schema.model("Comment");
  auto store = DataStore::open(schema).value();
  const auto first = store.save_record(record(posts, {{"title", "first"}, {"rating", 1}}), nullptr, {}).value();
  const auto on_rated = [](int rating) { return Predicate::related("post", Predicate::compare("rating", Op::ge, {rating})); };
  std::atomic<int> all = 0;
  std::atomic<int> shown = 0;
  const auto watch = store.observe_records(comments, on_rated(0), [&](const RecordChange& change) {
    EXPECT_TRUE(store.find_record(posts, Key{{change.record["postCommentsId"]}}));
    ++all;
  });
  const auto live = store.observe_query_rows(
      comments, {.where = on_rated(5), .sort = {{.field = "rating", .path = {"post"}}}}, row_form<Record>(),
      [&shown](const Rows& rows, bool) { shown = static_cast<int>(rows.size()); });
  ASSERT_TRUE(live);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        EXPECT_TRUE(store.save_record(record(comments, {{"content", "c"}, {"postCommentsId", first["id"]}}), nullptr, {}));
      }
    });
  }
  threads.emplace_back([&] {
    for (int round = 0; round <= rounds; ++round) {
      auto rated = first;
      rated["rating"] = round % 2 == 0 ? 5 : 4;
      EXPECT_TRUE(store.save_record(std::move(rated), nullptr, {}));
    }
  });
  threads.emplace_back([&] {
    for (int round = 0; round < rounds; ++round) {
      int calls = 0;
      auto brief = store.observe_records(comments, on_rated(4), [&calls](const RecordChange&) { ++calls; });
      brief.cancel();
      ++calls;  // Nobody else touches it once cancel() has returned.
    }
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(all, 2 * rounds);
  EXPECT_EQ(shown, 2 * rounds) << "what was shown last is what there is";
}

}  // namespace
}  // namespace holdfast
