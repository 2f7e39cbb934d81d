// Hydrating a model of which the device keeps a part.
#include <gmock/gmock.h>

#include "client/sync/hydrator.h"
#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using testing::item;
using testing::page;
using testing::variables;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Predicate rating_below(int most) { return Predicate::compare("rating", Op::lt, {most}); }
const Value below_five = Object{{"and", List{Object{{"rating", Object{{"lt", 5}}}}}}};

class SelectiveHydrator : public ::testing::Test {
 protected:
  SelectiveHydrator() {
    world.schema.models.resize(1);
    select(rating_below(5));
  }
  void select(Predicate where) {
    world.selection = {};
    world.selection.choose(world.post, std::move(where));
  }
  /// One run with one page; returns the variables that it was asked with.
  Value run(List items, std::int64_t started_at = 1'800'000'000'000) {
    effects.clear();
    EXPECT_TRUE(hydrator.start(world.now, effects));
    const auto asked = all<effect::Exchange>(effects);
    EXPECT_EQ(asked.size(), 1U);
    reply(asked.at(0), page("syncPosts", std::move(items), {}, started_at));
    finish();
    return variables(asked.at(0));
  }
  void reply(const effect::Exchange& exchange, const Result<HttpResponse>& response) {
    ASSERT_TRUE(hydrator.owns(exchange.id));
    effects.clear();
    hydrator.on_reply(world.now, response, effects);
  }
  void finish() {
    effects.clear();
    for (int turn = 0; turn < 10 && !hydrator.is_done(); ++turn) {
      ASSERT_TRUE(hydrator.on_page_ready(world.now, effects));
    }
    EXPECT_TRUE(hydrator.is_done());
  }
  Value post(const char* id, int rating, std::int64_t version) { return item(world.post_of(id, id, rating), version); }
  std::vector<std::string> rows() {
    std::vector<std::string> ids;
    EXPECT_TRUE(world.storage->query(world.post, {}, [&](const Record& row) { ids.push_back(row.key().text()); }));
    return ids;
  }
  std::vector<std::string> removed() {
    std::vector<std::string> ids;
    for (const auto& changed : all<effect::Changed>(effects)) {
      for (const auto& change : changed.changes) {
        if (change.type == ChangeType::removed) ids.push_back(change.record.key().text());
      }
    }
    return ids;
  }
  static std::string key(const char* id) { return Key{{id}}.text(); }

  testing::World world;
  Hydrator hydrator{world.ports()};
  Effects effects;
};

// S34
TEST_F(SelectiveHydrator, ABaseSyncAsksForWhatIsKept) {
  EXPECT_EQ(run({post("a", 1, 1)})["filter"], below_five);
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

TEST_F(SelectiveHydrator, WhatComesAllTheSameIsLookedAtOnTheDevice) {
  run({post("a", 1, 1), post("b", 9, 1)});
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

// S02, S34: the service tells a filtered query nothing of rows that have left the filter.
TEST_F(SelectiveHydrator, ADeltaSyncHearsOfRowsThatLeft) {
  run({post("a", 1, 1), post("b", 2, 1)});
  const auto asked = run({post("a", 9, 2)});
  EXPECT_NE(asked["lastSync"], Value(0));
  EXPECT_TRUE(asked["filter"].is_null());
  EXPECT_THAT(rows(), ElementsAre(key("b")));
  EXPECT_THAT(removed(), ElementsAre(key("a")));
}

TEST_F(SelectiveHydrator, ALongAbsenceIsCaughtUpByWhatIsKeptOnly) {
  run({post("a", 1, 1), post("b", 2, 1)});
  world.advance(std::chrono::minutes(31));
  const auto asked = run({post("b", 2, 1)});
  EXPECT_EQ(asked["lastSync"], Value(0));
  EXPECT_EQ(asked["filter"], below_five);
  EXPECT_THAT(rows(), ElementsAre(key("b"))) << "the service does not hold a in it any more";
}

TEST_F(SelectiveHydrator, DeltaSyncsAreFilteredWhenLeavingMayWait) {
  world.options.leaving = Leaving::at_base_sync;
  run({post("a", 1, 1)});
  world.advance(std::chrono::hours(1));
  const auto asked = run({});
  EXPECT_NE(asked["lastSync"], Value(0));
  EXPECT_EQ(asked["filter"], below_five);
}

// S02
TEST_F(SelectiveHydrator, AnotherExpressionMakesABaseSync) {
  run({post("a", 1, 1), post("b", 4, 1)});
  select(rating_below(3));
  EXPECT_EQ(run({post("a", 1, 1)})["lastSync"], Value(0));
  EXPECT_THAT(rows(), ElementsAre(key("a")));
  EXPECT_THAT(removed(), ElementsAre(key("b")));
  select(rating_below(5));
  EXPECT_EQ(run({post("a", 1, 1), post("b", 4, 1)})["lastSync"], Value(0));
  EXPECT_THAT(rows(), ElementsAre(key("a"), key("b"))) << "at the version that it had when it left";
  EXPECT_NE(run({})["lastSync"], Value(0)) << "the same expression";
  world.selection = {};
  EXPECT_EQ(run({post("a", 1, 1), post("b", 4, 1), post("c", 9, 1)})["lastSync"], Value(0)) << "none is another one";
}

TEST_F(SelectiveHydrator, ARowWithUnsentEditsStays) {
  run({post("a", 4, 1), post("b", 4, 1)});
  world.save(world.post_of("a", "mine", 4));
  select(rating_below(3));
  run({});
  EXPECT_EQ(world.row(world.post, "a"), world.post_of("a", "mine", 4));
  EXPECT_THAT(removed(), ElementsAre(key("b")));
}

TEST_F(SelectiveHydrator, WhatTheServiceTookDuringTheSyncStays) {
  run({post("a", 1, 1)});
  world.advance(std::chrono::minutes(31));
  ASSERT_TRUE(hydrator.start(world.now, effects));
  const auto asked = all<effect::Exchange>(effects);
  const auto done = world.storage->write([&](client::Transaction& transaction) {
    return transaction.put(world.post_of("new", "new", 1), Metadata{1, from_epoch_ms(1'800'000'500'000), false});
  });
  ASSERT_TRUE(done);
  reply(asked.back(), page("syncPosts", {post("a", 1, 1)}, {}, 1'800'000'000'000));
  finish();
  EXPECT_THAT(rows(), ElementsAre(key("a"), key("new")));
}

// Selection seed 3: what was answered meanwhile had been taken whole.
TEST_F(SelectiveHydrator, AModelThatWasLeftAloneIsFetchedAnew) {
  run({post("a", 4, 1)});
  world.selection = {};
  world.selection.leave_alone(world.post);
  ASSERT_TRUE(hydrator.start(world.now, effects));
  ASSERT_TRUE(world.storage->write([&](client::Transaction& transaction) {
    return transaction.put(world.post_of("mine", "mine", 9), Metadata{1, from_epoch_ms(1'800'000'000'000), false});
  }));
  select(rating_below(5));
  EXPECT_EQ(run({post("a", 4, 1)})["lastSync"], Value(0));
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

TEST_F(SelectiveHydrator, AnExpressionThatComesBackBeforeASyncIsFetchedAnew) {
  run({post("a", 4, 1)});
  select(rating_below(3));
  ASSERT_TRUE(hydrator.reselect());
  select(rating_below(5));
  ASSERT_TRUE(hydrator.reselect());
  EXPECT_EQ(run({post("a", 4, 1)})["lastSync"], Value(0));
}

// Selection seed 6: the row was to leave as it had been before the last page.
TEST_F(SelectiveHydrator, ARowThatEntersTheExpressionWithTheLastPageStays) {
  run({post("a", 4, 1)});
  select(rating_below(3));
  run({post("a", 1, 2)});
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

TEST_F(SelectiveHydrator, EvictsInStepsThatKeepNoSaveWaiting) {
  world.selection = {};
  List kept;
  for (int at = 0; at < 100; ++at) kept.push_back(post(("k" + std::to_string(at)).c_str(), 1, 1));
  auto many = kept;
  for (int at = 0; at < 1100; ++at) many.push_back(post(("p" + std::to_string(at)).c_str(), 9, 1));
  run(std::move(many));
  select(rating_below(5));
  run(std::move(kept));
  EXPECT_EQ(all<effect::Changed>(effects).size(), 3U);
  EXPECT_EQ(removed().size(), 1100U);
  EXPECT_EQ(rows().size(), 100U);
}

// S02: a token is of the query that it came with.
TEST_F(SelectiveHydrator, AnInterruptedBaseSyncDoesNotGoOnWithAnotherExpression) {
  ASSERT_TRUE(hydrator.start(world.now, effects));
  reply(all<effect::Exchange>(effects).at(0), page("syncPosts", {post("a", 1, 1)}, "t1"));
  ASSERT_TRUE(hydrator.on_page_ready(world.now, effects));
  hydrator.cancel();
  select(rating_below(3));
  effects.clear();
  ASSERT_TRUE(hydrator.start(world.now, effects));
  EXPECT_TRUE(variables(all<effect::Exchange>(effects).at(0))["nextToken"].is_null());
}

// Seed 644: which rows the first part of it told of is not known any more, so that none can be missed.
TEST_F(SelectiveHydrator, AfterAnInterruptedBaseSyncAnotherOneComesSoon) {
  ASSERT_TRUE(hydrator.start(world.now, effects));
  reply(all<effect::Exchange>(effects).at(0), page("syncPosts", {post("left", 1, 1)}, "t1"));
  ASSERT_TRUE(hydrator.on_page_ready(world.now, effects));
  hydrator.cancel();  // And "left" gets a rating that is not wanted, unheard.
  effects.clear();
  ASSERT_TRUE(hydrator.start(world.now, effects));
  reply(all<effect::Exchange>(effects).at(0), page("syncPosts", {post("b", 1, 1)}));
  reply(all<effect::Exchange>(effects).at(0), page("syncPosts", {}));
  finish();
  EXPECT_THAT(rows(), ElementsAre(key("left"), key("b")));
  EXPECT_EQ(hydrator.until_next_base(world.now.wall), Milliseconds(std::chrono::minutes(10)));
  hydrator.cancel();
  world.advance(std::chrono::minutes(10));
  EXPECT_EQ(run({post("b", 1, 1)})["lastSync"], Value(0));
  EXPECT_THAT(rows(), ElementsAre(key("b")));
  EXPECT_GT(hydrator.until_next_base(world.now.wall), Milliseconds(std::chrono::hours(1)));
}

TEST_F(SelectiveHydrator, AFilterThatIsRefusedIsLeftOutAndReported) {
  ASSERT_TRUE(hydrator.start(world.now, effects));
  reply(all<effect::Exchange>(effects).at(0), client::testing::error_response("syncPosts", "ValidationError"));
  const auto failed = all<effect::Failed>(effects);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.model, "Post");
  EXPECT_THAT(failed[0].what.error.message, HasSubstr("evaluated on the device alone"));
  const auto again = all<effect::Exchange>(effects);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_TRUE(variables(again[0])["filter"].is_null());
  reply(again[0], page("syncPosts", {post("a", 1, 1), post("b", 9, 1)}));
  finish();
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

TEST_F(SelectiveHydrator, OfAModelOfWhichNothingIsKeptNothingIsAskedFor) {
  run({post("a", 1, 1)});
  select(Predicate::any_of({}));
  effects.clear();
  ASSERT_TRUE(hydrator.start(world.now, effects));
  EXPECT_THAT(all<effect::Exchange>(effects), IsEmpty());
  EXPECT_EQ(all<effect::Continue>(effects).size(), 1U);
  finish();
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_THAT(testing::reports(effects), ElementsAre("modelSynced"));
}

// S34: what is to be kept is not known, so nothing is fetched and nothing leaves.
TEST_F(SelectiveHydrator, AModelWhoseExpressionFailedIsLeftAlone) {
  run({post("a", 1, 1)});
  world.selection = {};
  world.selection.leave_alone(world.post);
  effects.clear();
  ASSERT_TRUE(hydrator.start(world.now, effects));
  EXPECT_TRUE(hydrator.is_done());
  EXPECT_THAT(all<effect::Exchange>(effects), IsEmpty());
  EXPECT_THAT(rows(), ElementsAre(key("a")));
}

}  // namespace
}  // namespace holdfast::sync
