// What was deleted while the device was away for so long that the service has forgotten that it was.
#include <gmock/gmock.h>

#include "client/sync/hydrator.h"
#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using testing::item;
using testing::page;
using ::testing::ElementsAre;

/// Later than client::testing::metadata() says that the rows were changed.
constexpr std::int64_t service_time = 1'800'000'000'000;

class MissedDeletions : public ::testing::Test {
 protected:
  MissedDeletions() { world.schema.models.resize(1); }

  /// A run of one page.
  void run(List items, std::int64_t started_at = service_time) {
    const auto asked = start();
    reply(asked, page("syncPosts", std::move(items), {}, started_at));
    finish();
  }
  /// The absence: the next run is a base sync.
  void go_away() { world.advance(world.options.full_sync_interval); }
  effect::Exchange start() {
    effects.clear();
    EXPECT_TRUE(hydrator.start(world.now, effects));
    return all<effect::Exchange>(effects).at(0);
  }
  void reply(const effect::Exchange& exchange, const Result<HttpResponse>& response) {
    effects.clear();
    ASSERT_TRUE(hydrator.owns(exchange.id));
    hydrator.on_reply(world.now, response, effects);
  }
  void finish() {
    for (int turn = 0; turn < 10 && !hydrator.is_done(); ++turn) {
      ASSERT_TRUE(hydrator.on_page_ready(world.now, effects));
    }
    EXPECT_TRUE(hydrator.is_done());
  }
  Value post(const char* id, std::int64_t version = 1) { return item(world.post_of(id, id), version); }
  std::vector<std::string> rows() {
    std::vector<std::string> ids;
    EXPECT_TRUE(world.storage->query(world.post, {}, [&](const Record& row) { ids.push_back(*row["id"].as_string()); }));
    return ids;
  }

  testing::World world;
  Hydrator hydrator{world.ports()};
  Effects effects;
};

TEST_F(MissedDeletions, AreFoundByABaseSync) {
  run({post("a"), post("b", 7)});
  go_away();
  run({post("a")});
  EXPECT_THAT(rows(), ElementsAre("a"));
  const auto changed = all<effect::Changed>(effects);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].changes.at(0).type, ChangeType::removed);
  EXPECT_EQ(std::get<ModelSynced>(all<effect::Report>(effects).at(0).what).removed, 1U);
}

TEST_F(MissedDeletions, AreForgottenSoThatAnotherRecordMayHaveTheKey) {
  run({post("a"), post("b", 7)});
  go_away();
  run({post("a")});
  EXPECT_EQ(world.storage->find(world.post, testing::key("b"))->metadata, Metadata{});
  run({post("b", 1)});
  EXPECT_THAT(rows(), ElementsAre("a", "b"));
}

TEST_F(MissedDeletions, AreNotLookedForByADeltaOrTheFirstSync) {
  world.synced(world.post_of("here", "before the first sync"), 1);
  run({post("a")});
  run({});
  EXPECT_THAT(rows(), ElementsAre("here", "a"));
}

TEST_F(MissedDeletions, DoNotTakeUnsentEditsAlong) {
  run({post("a"), post("b")});
  world.save(world.post_of("b", "mine"));
  go_away();
  run({post("a")});
  EXPECT_EQ(world.row(world.post, "b"), world.post_of("b", "mine")) << "what becomes of it, the service's answer tells";
}

TEST_F(MissedDeletions, AreNotGuessedFromWhatTheServiceChangedJustNow) {
  run({post("a"), post("b")});
  go_away();
  run({post("a")}, 1'700'000'060'000);  // A minute after the rows were changed.
  EXPECT_THAT(rows(), ElementsAre("a", "b"));
  go_away();
  run({post("a")});
  EXPECT_THAT(rows(), ElementsAre("a"));
}

// S06, S10: it is not known what was in the rest.
TEST_F(MissedDeletions, AreNotGuessedFromASyncThatDidNotTellAll) {
  run({post("a"), post("b")});
  go_away();
  run({post("a"), Object{{"title", "no key"}}});
  EXPECT_THAT(rows(), ElementsAre("a", "b")) << "a record that could not be read";
  go_away();
  world.options.records_max = 1;
  reply(start(), page("syncPosts", {post("a")}, "more", service_time));
  finish();
  EXPECT_THAT(rows(), ElementsAre("a", "b")) << "records_max";
}

TEST_F(MissedDeletions, WaitForTheNextBaseSyncWhenThisOneWasInterrupted) {
  run({post("a"), post("b")});
  go_away();
  reply(start(), page("syncPosts", {post("a")}, "more", service_time));
  ASSERT_TRUE(hydrator.on_page_ready(world.now, effects));
  reply(start(), page("syncPosts", {}, {}, service_time));
  reply(all<effect::Exchange>(effects).at(0), page("syncPosts", {}, {}, service_time));
  finish();
  EXPECT_THAT(rows(), ElementsAre("a", "b"));
  go_away();
  run({post("a")});
  EXPECT_THAT(rows(), ElementsAre("a"));
}

}  // namespace
}  // namespace holdfast::sync
