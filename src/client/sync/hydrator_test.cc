#include "client/sync/hydrator.h"

#include <gmock/gmock.h>

#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using client::testing::status;
using testing::all;
using testing::item;
using testing::page;
using testing::variables;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HydratorTest : public ::testing::Test {
 protected:
  HydratorTest() { world.schema.models.resize(1); }

  Effects start() {
    Effects effects;
    EXPECT_TRUE(hydrator.start(world.now, effects));
    return effects;
  }
  Effects reply(const effect::Exchange& exchange, const Result<HttpResponse>& response) {
    Effects effects;
    EXPECT_TRUE(hydrator.owns(exchange.id));
    hydrator.on_reply(world.now, response, effects);
    return effects;
  }
  Effects go_on() {
    Effects effects;
    EXPECT_TRUE(hydrator.on_page_ready(world.now, effects));
    return effects;
  }
  Value post(const char* id, std::int64_t version, bool is_deleted = false) {
    return item(world.post_of(id, id), version, is_deleted);
  }
  /// One run whose single page holds these items.
  void run(List items, std::int64_t started_at = 1000) {
    const auto asked = all<effect::Exchange>(start());
    ASSERT_EQ(asked.size(), 1U);
    reply(asked[0], page("syncPosts", std::move(items), {}, started_at));
    go_on();
    ASSERT_TRUE(hydrator.is_done());
  }

  testing::World world;
  Hydrator hydrator{world.ports()};
};

// S01, S04
TEST_F(HydratorTest, BeginsWithABaseSync) {
  const auto effects = start();
  EXPECT_THAT(testing::reports(effects), ElementsAre("syncQueriesStarted"));
  const auto asked = all<effect::Exchange>(effects);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].request.target, "http://127.0.0.1:1/graphql");
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(0));
  EXPECT_EQ(variables(asked[0])["limit"], Value(1000));
  EXPECT_TRUE(variables(asked[0])["nextToken"].is_null());
}

// S05: the next page is under way before the present one is on the disk.
TEST_F(HydratorTest, AsksForTheNextPageBeforeItAppliesThisOne) {
  const auto first = all<effect::Exchange>(start());
  const auto effects = reply(first[0], page("syncPosts", {post("a", 1)}, "t1"));
  const auto second = all<effect::Exchange>(effects);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(variables(second[0])["nextToken"], Value("t1"));
  EXPECT_EQ(all<effect::Continue>(effects).size(), 1U);
  EXPECT_EQ(world.row(world.post, "a"), std::nullopt);
  EXPECT_EQ(all<effect::Changed>(go_on()).size(), 1U);
  EXPECT_TRUE(world.row(world.post, "a").has_value());
  EXPECT_FALSE(hydrator.is_done());
}

TEST_F(HydratorTest, HoldsAtMostTwoPages) {
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("a", 1)}, "t1")));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_THAT(all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("b", 1)}, "t2"))), IsEmpty());
  const auto effects = go_on();
  EXPECT_EQ(all<effect::Exchange>(effects).size(), 1U);
  EXPECT_EQ(all<effect::Continue>(effects).size(), 1U);
}

// S07, S17
TEST_F(HydratorTest, CountsWhatItDidAndSyncsFromTheFirstPagesTimeNextTime) {
  world.synced(world.post_of("b", "old"), 1);
  world.synced(world.post_of("c", "old"), 1);
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("a", 1)}, "t1", 500)));
  reply(asked[0], page("syncPosts", {post("b", 2), post("c", 2, true)}, {}, 900));
  go_on();
  const auto done = all<effect::Report>(go_on());
  ASSERT_EQ(done.size(), 1U);
  const auto& synced = std::get<ModelSynced>(done[0].what);
  EXPECT_TRUE(synced.is_full_sync);
  EXPECT_EQ(synced.inserted, 1U);
  EXPECT_EQ(synced.updated, 1U);
  EXPECT_EQ(synced.removed, 1U);
  EXPECT_TRUE(hydrator.is_done());

  const auto delta = all<effect::Exchange>(start());
  EXPECT_EQ(variables(delta[0])["lastSync"], Value(500));
}

// S01, S03
TEST_F(HydratorTest, ChoosesBaseAgainWhenTheIntervalIsOverOrTheClockWentBack) {
  run({post("a", 1)});
  world.advance(std::chrono::minutes(1439));
  EXPECT_EQ(variables(all<effect::Exchange>(start())[0])["lastSync"], Value(1000));
  world.advance(std::chrono::minutes(1));
  EXPECT_EQ(variables(all<effect::Exchange>(start())[0])["lastSync"], Value(0));
  world.advance(-std::chrono::minutes(2000));
  EXPECT_EQ(variables(all<effect::Exchange>(start())[0])["lastSync"], Value(0));
}

TEST_F(HydratorTest, ADeltaDoesNotPutOffTheNextBase) {
  run({post("a", 1)});
  world.advance(std::chrono::minutes(1000));
  run({post("b", 1)}, 2000);
  world.advance(std::chrono::minutes(440));
  EXPECT_EQ(variables(all<effect::Exchange>(start())[0])["lastSync"], Value(0));
}

// Invariant 6: a base sync that was interrupted goes on, and a delta sync from its start fetches what it missed.
TEST_F(HydratorTest, AnInterruptedBaseGoesOnAndCatchesUp) {
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("a", 1)}, "t1", 500)));
  const auto progress = all<effect::Report>(go_on());
  ASSERT_EQ(progress.size(), 1U);
  EXPECT_EQ(std::get<SyncProgress>(progress[0].what).records, 1U);
  reply(asked[0], page("syncPosts", {post("b", 1)}, "t2"));
  hydrator.cancel();  // The second page was not applied.

  asked = all<effect::Exchange>(start());
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(0));
  EXPECT_EQ(variables(asked[0])["nextToken"], Value("t1"));
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("b", 1)}, {}, 900)));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(variables(asked[0])["lastSync"], Value(500));
  EXPECT_TRUE(variables(asked[0])["nextToken"].is_null());
  EXPECT_THAT(testing::reports(go_on()), IsEmpty()) << "the model is synced when it has caught up";
  reply(asked[0], page("syncPosts", {post("a", 2)}, {}, 950));
  const auto done = all<effect::Report>(go_on());
  ASSERT_EQ(done.size(), 1U);
  EXPECT_TRUE(std::get<ModelSynced>(done[0].what).is_full_sync);
  EXPECT_EQ(std::get<ModelSynced>(done[0].what).updated, 1U);
  EXPECT_TRUE(hydrator.is_done());
  EXPECT_EQ(variables(all<effect::Exchange>(start())[0])["lastSync"], Value(950));
}

TEST_F(HydratorTest, AnInterruptedBaseBeginsAnewWhenItIsOldOrItsTokenIsRefused) {
  auto asked = all<effect::Exchange>(start());
  reply(asked[0], page("syncPosts", {post("a", 1)}, "t1"));
  go_on();
  hydrator.cancel();
  asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], client::testing::error_response("syncPosts", "BadRequestException")));
  EXPECT_TRUE(variables(asked.at(0))["nextToken"].is_null());
  hydrator.cancel();
  world.advance(world.options.full_sync_interval);
  EXPECT_TRUE(variables(all<effect::Exchange>(start()).at(0))["nextToken"].is_null());
}

// S18: told after the last page is on the disk, not when it came. S33: however many records it has.
TEST_F(HydratorTest, AModelIsSyncedWhenEveryRecordIsAppliedOrDropped) {
  List items;
  for (int at = 0; at < 1000; ++at) {
    const auto id = "p" + std::to_string(at);
    if (at % 2 == 0) world.save(world.post_of(id.c_str(), "unsent"));
    items.push_back(post(id.c_str(), 1));
  }
  const auto asked = all<effect::Exchange>(start());
  EXPECT_THAT(testing::reports(reply(asked[0], page("syncPosts", std::move(items)))), IsEmpty());
  EXPECT_THAT(testing::reports(go_on()), ElementsAre("modelSynced"));
  EXPECT_EQ(world.row(world.post, "p0"), world.post_of("p0", "unsent"));
  EXPECT_EQ(world.row(world.post, "p999"), world.post_of("p999", "p999"));
}

TEST_F(HydratorTest, TakesModelsInOrderWithoutAPauseBetween) {
  testing::World two;
  Hydrator both(two.ports());
  Effects effects;
  ASSERT_TRUE(both.start(two.now, effects));
  const auto first = all<effect::Exchange>(effects);
  effects.clear();
  both.on_reply(two.now, page("syncPosts", {}), effects);
  const auto second = all<effect::Exchange>(effects);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_THAT(second[0].request.body, ::testing::HasSubstr("syncComments"));
}

// S06
TEST_F(HydratorTest, StopsAtTheMostRecordsAndSaysSo) {
  world.options.records_max = 3;
  world.options.page_rows = 2;
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("a", 1), post("b", 1)}, "t1")));
  EXPECT_EQ(variables(asked[0])["limit"], Value(1));
  const auto failed = all<effect::Failed>(reply(asked[0], page("syncPosts", {post("c", 1)}, "t2")));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.error.code, Code::limit_exceeded);
  go_on();
  EXPECT_TRUE(std::get<ModelSynced>(all<effect::Report>(go_on()).at(0).what).is_truncated);
  EXPECT_TRUE(hydrator.is_done());
}

TEST_F(HydratorTest, EndsWhenTheServiceRepeatsItsToken) {
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {}, "same")));
  EXPECT_EQ(all<effect::Failed>(reply(asked[0], page("syncPosts", {}, "same"))).size(), 1U);
}

// S15
TEST_F(HydratorTest, TriesAgainAfterATransientFailure) {
  auto asked = all<effect::Exchange>(start());
  EXPECT_THAT(reply(asked[0], Error{Code::unavailable, "no line"}), IsEmpty());
  const auto at = hydrator.wake_at();
  ASSERT_TRUE(at.has_value());
  EXPECT_GT(*at, world.now.ticks);
  Effects early;
  hydrator.on_wake(world.now, early);
  EXPECT_THAT(early, IsEmpty());
  world.now.ticks = *at;
  Effects again;
  hydrator.on_wake(world.now, again);
  EXPECT_EQ(all<effect::Exchange>(again).size(), 1U);
}

// H03, S13
TEST_F(HydratorTest, SkipsAModelThatItMayNotRead) {
  const auto asked = all<effect::Exchange>(start());
  const auto failed = all<effect::Failed>(reply(asked[0], status(401)));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.error.code, Code::unauthorized);
  EXPECT_EQ(failed[0].what.model, "Post");
  EXPECT_EQ(failed[0].what.operation, "sync");
  EXPECT_TRUE(hydrator.is_done());
  EXPECT_TRUE(hydrator.has_left_out());
}

// S09: tried again, then after the others, then left for the next run.
TEST_F(HydratorTest, LeavesOutAModelThatKeepsFailingOnceAnotherGotThrough) {
  testing::World two;
  two.schema.models.resize(2);
  Hydrator both(two.ports());
  Effects effects;
  ASSERT_TRUE(both.start(two.now, effects));
  std::vector<std::string> fields;
  for (int turn = 0; turn < 40 && !both.is_done(); ++turn) {
    auto asked = all<effect::Exchange>(effects);
    if (asked.empty() && both.wake_at()) {
      two.now.ticks = *both.wake_at();
      both.on_wake(two.now, effects);
      asked = all<effect::Exchange>(effects);
    }
    if (asked.empty()) {
      ASSERT_TRUE(both.on_page_ready(two.now, effects));
      continue;
    }
    const bool is_post = asked.back().request.body.find("syncPosts") != std::string::npos;
    fields.emplace_back(is_post ? "syncPosts" : "syncComments");
    effects.clear();
    both.on_reply(two.now, is_post ? status(500) : page("syncComments", {}), effects);
  }
  EXPECT_THAT(fields, ElementsAre("syncPosts", "syncPosts", "syncPosts", "syncPosts", "syncComments", "syncPosts",
                                  "syncPosts", "syncPosts", "syncPosts"));
  EXPECT_TRUE(both.is_done());
  EXPECT_TRUE(both.has_left_out());
  EXPECT_EQ(all<effect::Failed>(effects).at(0).what.model, "Post");
}

TEST_F(HydratorTest, GivesNothingUpWhileTheServiceAsAWholeFails) {
  auto effects = start();
  for (int turn = 0; turn < 30; ++turn) {
    reply(all<effect::Exchange>(effects).at(0), status(500));
    EXPECT_FALSE(hydrator.is_done());
    world.now.ticks = *hydrator.wake_at();
    effects.clear();
    hydrator.on_wake(world.now, effects);
  }
  EXPECT_FALSE(hydrator.has_left_out());
}

TEST_F(HydratorTest, BeginsAModelAnewOnceWhenItsTokenIsRefused) {
  auto asked = all<effect::Exchange>(start());
  asked = all<effect::Exchange>(reply(asked[0], page("syncPosts", {post("a", 1)}, "t1")));
  go_on();
  asked = all<effect::Exchange>(reply(asked[0], client::testing::error_response("syncPosts", "BadRequestException")));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(variables(asked[0])["nextToken"].is_null());
}

// S10, S11, S39
TEST_F(HydratorTest, KeepsTheRecordsThatItCanRead) {
  const auto asked = all<effect::Exchange>(start());
  const auto effects = reply(asked[0], page("syncPosts", {post("a", 1), Object{{"title", "no key"}}}));
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
  go_on();
  EXPECT_TRUE(world.row(world.post, "a").has_value());
  EXPECT_TRUE(hydrator.is_done());
}

}  // namespace
}  // namespace holdfast::sync
