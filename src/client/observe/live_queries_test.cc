// What live queries show, when, and by which delivery. That they are right is live_queries_fuzz_test.cc's.
#include "client/observe/live_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <numeric>

#include "client/observe/observe.h"

namespace holdfast::observe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const ModelSchema& item_model() {
  static const ModelSchema model{
      .name = "Item",
      .fields = {{.name = "id", .scalar = Scalar::id}, {.name = "n", .scalar = Scalar::integer}},
      .primary_key = {"id"}};
  return model;
}

Record item(std::int64_t n) {
  Record record(item_model());
  record["id"] = "i" + std::to_string(n);
  record["n"] = n;
  return record;
}

RecordChange inserted(std::int64_t n, Origin origin = Origin::local) { return {ChangeType::inserted, origin, item(n)}; }
RecordChange removed(std::int64_t n) { return {ChangeType::removed, Origin::local, item(n)}; }

std::vector<std::int64_t> numbers(const Rows& rows) {
  std::vector<std::int64_t> out;
  for (const auto& row : Items<Record>(rows)) out.push_back(*row["n"].as_integer());
  return out;
}

/// Rows stand where their numbers say.
std::optional<client::Place> place_of(const ModelSchema&, const Key& key) {
  return std::stoll(key.parts.front().as_string()->substr(1));
}

struct Watching {
  std::vector<std::vector<std::int64_t>> shown;
  std::function<void(const Rows&, bool)> callback() {
    return [this](const Rows& rows, bool) { shown.push_back(numbers(rows)); };
  }
};

LiveQuery all_items(Query query = {}) { return {item_model(), {std::move(query), row_form<Record>()}}; }

class InlineLiveQueries : public testing::Test {
 protected:
  void commit(const std::vector<RecordChange>& changes) {
    observers_.refresh(changes, {});
    observers_.deliver();
  }
  Observers observers_{Delivery::inline_calls, {}, {.place_of = place_of}};
  Watching first_;
  Watching second_;
};

// OQ01, OQ20
TEST_F(InlineLiveQueries, ShowAnEmptyResultToo) {
  const auto watching = observers_.add_query(all_items(), {}, first_.callback());
  observers_.deliver();
  EXPECT_THAT(first_.shown, ElementsAre(IsEmpty()));
}

// OB11
TEST_F(InlineLiveQueries, AreShownInTheOrderInWhichTheyWereMade) {
  std::vector<int> story;
  const auto second = observers_.add_query(all_items(), {}, [&](const Rows&, bool) { story.push_back(1); });
  const auto first = observers_.add_query(all_items(), {}, [&](const Rows&, bool) { story.push_back(2); });
  commit({inserted(1)});
  commit({inserted(2)});
  EXPECT_THAT(story, ElementsAre(1, 2, 1, 2));
}

// OQ22
TEST_F(InlineLiveQueries, TakeTheSameChangeTwiceForOne) {
  const auto watching = observers_.add_query(all_items(), {}, first_.callback());
  commit({inserted(1)});
  commit({{ChangeType::updated, Origin::remote, item(1)}});
  EXPECT_THAT(first_.shown, ElementsAre(ElementsAre(1)));
}

TEST_F(InlineLiveQueries, ShowACommitOnce) {
  const auto watching = observers_.add_query(all_items(), {}, first_.callback());
  commit({inserted(1), inserted(2), removed(1), inserted(3)});
  EXPECT_THAT(first_.shown, ElementsAre(ElementsAre(2, 3)));
}

TEST_F(InlineLiveQueries, ShowNothingForWhatTheirPageDoesNotHold) {
  const auto watching = observers_.add_query(all_items({.where = {}, .sort = {{"n"}}, .limit = 2, .page = 1}), {},
                                             first_.callback());
  commit({inserted(1), inserted(2), inserted(3), inserted(4)});
  commit({inserted(5)});
  auto behind = item(5);
  behind["n"] = 6;
  commit({{ChangeType::updated, Origin::local, behind}});
  commit({removed(1)});
  EXPECT_THAT(first_.shown, ElementsAre(ElementsAre(3, 4), ElementsAre(4, 6)));
}

TEST_F(InlineLiveQueries, ShowNothingForAPageBeyondAllNumbers) {
  constexpr auto far = std::numeric_limits<std::uint64_t>::max();
  const auto watching = observers_.add_query(all_items({.where = {}, .sort = {}, .limit = 9, .page = far}), {}, first_.callback());
  commit({inserted(1)});
  EXPECT_THAT(first_.shown, ElementsAre(IsEmpty()));
}

// OQ13
TEST_F(InlineLiveQueries, MayCancelThemselvesAndEachOther) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> captured = alive;
  Subscription self;
  Subscription other;
  self = observers_.add_query(all_items(), {}, [&, alive = std::move(alive)](const Rows& rows, bool) {
    first_.shown.push_back(numbers(rows));
    if (rows.size() == 0) return;
    other.cancel();
    self.cancel();
    EXPECT_FALSE(captured.expired()) << "the callback's captures live until it returns";
  });
  other = observers_.add_query(all_items(), {}, second_.callback());
  observers_.deliver();
  commit({inserted(1)});
  commit({inserted(2)});
  EXPECT_THAT(first_.shown, ElementsAre(IsEmpty(), ElementsAre(1)));
  EXPECT_THAT(second_.shown, ElementsAre(IsEmpty()));
  EXPECT_TRUE(captured.expired());
}

TEST_F(InlineLiveQueries, MayCauseChangesWhichFollowInsteadOfNesting) {
  const auto watching = observers_.add_query(all_items(), {}, [&](const Rows& rows, bool) {
    first_.shown.push_back(numbers(rows));
    if (rows.size() < 2) commit({inserted(static_cast<std::int64_t>(rows.size()) + 1)});
  });
  observers_.deliver();
  EXPECT_THAT(first_.shown, ElementsAre(IsEmpty(), ElementsAre(1), ElementsAre(1, 2)));
}

// L10
TEST_F(InlineLiveQueries, ShowNothingOnceClosed) {
  auto watching = observers_.add_query(all_items(), {}, first_.callback());
  observers_.close();
  commit({inserted(1)});
  const auto late = observers_.add_query(all_items(), {}, first_.callback());
  commit({inserted(2)});
  EXPECT_THAT(first_.shown, IsEmpty());
  watching.cancel();
}

TEST_F(InlineLiveQueries, KeepWhatASnapshotShowed) {
  std::vector<Rows> kept;
  const auto watching = observers_.add_query(all_items({.where = {}, .sort = {{"n", Direction::descending}}}), {},
                                             [&](const Rows& rows, bool) { kept.push_back(rows); });
  for (std::int64_t n = 1; n <= 1500; ++n) commit({inserted(n)});
  for (std::int64_t n = 1; n <= 1500; ++n) commit({removed(n)});
  ASSERT_EQ(kept.size(), 3000U);
  for (std::int64_t n = 1; n <= 1500; n += 113) {
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(n));
    std::iota(wanted.rbegin(), wanted.rend(), 1);
    EXPECT_EQ(numbers(kept[static_cast<std::size_t>(n) - 1]), wanted);
  }
  EXPECT_EQ(kept.back().size(), 0U);
}

// OQ06
TEST_F(InlineLiveQueries, DropWhatWasFlipped) {
  static const ModelSchema task{
      .name = "Task",
      .fields = {{.name = "id", .scalar = Scalar::id}, {.name = "done", .scalar = Scalar::boolean}},
      .primary_key = {"id"}};
  std::vector<std::size_t> open;
  std::vector<std::size_t> not_open;
  const auto query = [](Op op) {
    return LiveQuery(task, {{.where = Predicate::compare("done", op, {false})}, row_form<Record>()});
  };
  const auto count = [](std::vector<std::size_t>& counts) {
    return [&counts](const Rows& rows, bool) { counts.push_back(rows.size()); };
  };
  const auto first = observers_.add_query(query(Op::eq), {}, count(open));
  const auto second = observers_.add_query(query(Op::ne), {}, count(not_open));
  Record record(task);
  record["id"] = "t1";
  for (const bool is_done : {false, true, false}) {
    record["done"] = is_done;
    commit({{open.empty() ? ChangeType::inserted : ChangeType::updated, Origin::local, record}});
  }
  EXPECT_THAT(open, ElementsAre(1, 0, 1));
  EXPECT_THAT(not_open, ElementsAre(0, 1, 0));
}

// What happens between two turns of the executor is one snapshot.
TEST(LiveQueriesOnAnExecutor, CoalesceWhatHappensBeforeItsTurn) {
  std::deque<std::function<void()>> tasks;
  Observers observers(Delivery::on_executor, [&](std::function<void()> task) { tasks.push_back(std::move(task)); },
                      {.place_of = place_of});
  Watching watching;
  const auto subscription = observers.add_query(all_items(), {}, watching.callback());
  for (std::int64_t n = 1; n <= 3; ++n) {
    observers.refresh({inserted(n)}, {});
    observers.deliver();
  }
  ASSERT_EQ(tasks.size(), 1U);
  tasks.front()();
  EXPECT_THAT(watching.shown, ElementsAre(ElementsAre(1, 2, 3)));
}

TEST(LiveQueriesInBatches, AreReleasedWhenTheirTimeHasCome) {
  LiveQueries queries({.place_of = place_of});
  queries.add(7, all_items(), {});
  ASSERT_TRUE(queries.take(7)->is_synced);
  EXPECT_THAT(queries.begin_sync().queries, ElementsAre(7));
  EXPECT_FALSE(queries.take(7)->is_synced);

  const auto first = queries.apply({inserted(1, Origin::remote)}, Tick(Milliseconds(5)));
  EXPECT_THAT(first.queries, IsEmpty());
  EXPECT_EQ(first.release_at, Tick(Milliseconds(2005)));
  const auto second = queries.apply({inserted(2, Origin::remote)}, Tick(Milliseconds(900)));
  EXPECT_EQ(second.release_at, std::nullopt) << "the wake that was asked for serves both";
  EXPECT_THAT(queries.release(Tick(Milliseconds(2004))).queries, IsEmpty());
  EXPECT_THAT(queries.release(Tick(Milliseconds(2005))).queries, ElementsAre(7));
  EXPECT_THAT(queries.release(Tick(Milliseconds(9000))).queries, IsEmpty()) << "it is due already";
  EXPECT_THAT(numbers(queries.take(7)->rows), ElementsAre(1, 2));

  EXPECT_THAT(queries.finish_sync("Other").queries, IsEmpty());
  EXPECT_THAT(queries.finish_sync("Item").queries, ElementsAre(7));
  EXPECT_TRUE(queries.take(7)->is_synced);
  EXPECT_THAT(queries.apply({inserted(3, Origin::remote)}, {}).queries, ElementsAre(7));
}

TEST(LiveQueriesAsked, ForAQueryThatIsGoneShowNothing) {
  LiveQueries queries({.place_of = place_of});
  queries.add(1, all_items(), {});
  EXPECT_THAT(queries.apply({inserted(1)}, {}).queries, IsEmpty()) << "the first snapshot will show it";
  queries.remove(1);
  EXPECT_FALSE(queries.take(1));
  EXPECT_THAT(queries.apply({inserted(2), removed(1)}, {}).queries, IsEmpty());
  queries.remove(1);
}

}  // namespace
}  // namespace holdfast::observe
