// Who hears what, when, and in which order.
#include "client/observe/observe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>

namespace holdfast::observe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ModelSchema model_named(std::string name) {
  return {
      .name = std::move(name),
      .fields = {{.name = "id", .scalar = Scalar::id, .is_required = true}, {.name = "n", .scalar = Scalar::integer}},
      .primary_key = {"id"}};
}

const ModelSchema& item_model() {
  static const ModelSchema model = model_named("Item");
  return model;
}
const ModelSchema& other_model() {
  static const ModelSchema model = model_named("Other");
  return model;
}

RecordChange change(std::int64_t n, ChangeType type = ChangeType::inserted, const ModelSchema& of = item_model()) {
  Record record(of);
  record["id"] = "i" + std::to_string(n);
  record["n"] = n;
  return {type, Origin::local, std::move(record)};
}

/// Notes the `n` of every change it hears.
struct Listener {
  std::vector<std::int64_t> heard;
  std::function<void(const RecordChange&)> callback() {
    return [this](const RecordChange& what) { heard.push_back(*what.record["n"].as_integer()); };
  }
};

/// Observers that deliver inline, with the two steps of a commit in one.
class InlineObservers : public testing::Test {
 protected:
  void commit(std::vector<RecordChange> changes) {
    observers_.queue(std::move(changes));
    observers_.deliver();
  }
  Observers observers_{Delivery::inline_calls};
  Listener listener_;
};

// OB07, OB08
TEST_F(InlineObservers, HearTheirModelsChangesInCommitOrder) {
  const auto subscription = observers_.add(item_model(), {}, listener_.callback());
  commit({change(1), change(2, ChangeType::inserted, other_model()), change(3, ChangeType::updated)});
  commit({change(4, ChangeType::removed)});
  EXPECT_THAT(listener_.heard, ElementsAre(1, 3, 4));
}

// OB02, OB04, OB09
TEST_F(InlineObservers, HearOnlyWhatSatisfiesTheirPredicate) {
  const auto subscription = observers_.add(item_model(), Predicate::compare("n", Op::gt, {2}), listener_.callback());
  commit({change(1), change(3), change(2, ChangeType::removed), change(4, ChangeType::removed)});
  EXPECT_THAT(listener_.heard, ElementsAre(3, 4));
}

TEST_F(InlineObservers, HearNothingThatWasQueuedBeforeThem) {
  Listener first;
  const auto early = observers_.add(item_model(), {}, first.callback());
  observers_.queue({change(1)});
  const auto subscription = observers_.add(item_model(), {}, listener_.callback());
  commit({change(2)});
  EXPECT_THAT(first.heard, ElementsAre(1, 2));
  EXPECT_THAT(listener_.heard, ElementsAre(2));
}

// OB12
TEST_F(InlineObservers, HearNothingAfterCancel) {
  auto subscription = observers_.add(item_model(), {}, listener_.callback());
  observers_.queue({change(1)});
  subscription.cancel();
  observers_.deliver();
  commit({change(2)});
  EXPECT_THAT(listener_.heard, IsEmpty());
}

TEST_F(InlineObservers, MayCancelThemselvesInsideTheCallback) {
  auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> captured = alive;
  Subscription subscription;
  subscription = observers_.add(item_model(), {}, [&, alive = std::move(alive)](const RecordChange& what) {
    listener_.heard.push_back(*what.record["n"].as_integer());
    subscription.cancel();
    EXPECT_FALSE(captured.expired()) << "the callback's captures live until it returns";
  });
  commit({change(1), change(2)});
  EXPECT_THAT(listener_.heard, ElementsAre(1));
  EXPECT_TRUE(captured.expired());
}

TEST_F(InlineObservers, MayCancelEachOther) {
  Subscription second;
  const auto first = observers_.add(item_model(), {}, [&](const RecordChange&) { second.cancel(); });
  second = observers_.add(item_model(), {}, listener_.callback());
  commit({change(1)});
  EXPECT_THAT(listener_.heard, IsEmpty());
}

TEST_F(InlineObservers, MayCauseChangesWhichFollowInsteadOfNesting) {
  std::vector<std::string> story;
  const auto subscription = observers_.add(item_model(), {}, [&](const RecordChange& what) {
    const auto n = *what.record["n"].as_integer();
    story.push_back("begin " + std::to_string(n));
    if (n < 3) commit({change(n + 1)});
    story.push_back("end " + std::to_string(n));
  });
  commit({change(1)});
  EXPECT_THAT(story, ElementsAre("begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"));
}

TEST_F(InlineObservers, AddedInsideACallbackHearWhatFollows) {
  std::optional<Subscription> late;
  const auto subscription = observers_.add(item_model(), {}, [&](const RecordChange&) {
    if (!late) late = observers_.add(item_model(), {}, listener_.callback());
  });
  commit({change(1)});
  commit({change(2)});
  EXPECT_THAT(listener_.heard, ElementsAre(2));
}

TEST_F(InlineObservers, EventsCallsAndChangesKeepTheirOrder) {
  std::vector<std::string> story;
  const auto changes = observers_.add(item_model(), {}, [&](const RecordChange&) { story.push_back("change"); });
  const auto events = observers_.add_listener([&](const SyncEvent& event) { story.emplace_back(name(event)); });
  observers_.queue(OutboxStatus{false});
  observers_.queue({change(1)});
  observers_.queue([&] { story.push_back("error"); });
  observers_.queue(Ready{});
  observers_.deliver();
  EXPECT_THAT(story, ElementsAre("outboxStatus", "change", "error", "ready"));
}

// L09, L10
TEST_F(InlineObservers, MayBeOutlivedByTheirSubscriptions) {
  std::optional<Observers> store(std::in_place, Delivery::inline_calls);
  auto subscription = store->add(item_model(), {}, listener_.callback());
  store.reset();
  subscription.cancel();
}

TEST_F(InlineObservers, MayBeDestroyedInsideACallback) {
  std::optional<Observers> store(std::in_place, Delivery::inline_calls);
  const auto subscription = store->add(item_model(), {}, [&](const RecordChange& what) {
    listener_.heard.push_back(*what.record["n"].as_integer());
    store.reset();
  });
  store->queue({change(1), change(2)});
  store->deliver();
  EXPECT_THAT(listener_.heard, ElementsAre(1));
}

// L10
TEST_F(InlineObservers, HearNothingOnceClosed) {
  const auto subscription = observers_.add(item_model(), {}, listener_.callback());
  observers_.queue({change(1)});
  observers_.close();
  commit({change(2)});
  const auto late = observers_.add(item_model(), {}, listener_.callback());
  commit({change(3)});
  EXPECT_THAT(listener_.heard, IsEmpty());
}

TEST(PolledObservers, HearWhenTheyArePolledAndNoSooner) {
  Observers observers(Delivery::by_poll);
  Listener listener;
  const auto subscription = observers.add(item_model(), {}, listener.callback());
  observers.queue({change(1), change(2)});
  observers.deliver();
  EXPECT_THAT(listener.heard, IsEmpty());
  EXPECT_EQ(observers.poll(), 2U);
  EXPECT_EQ(observers.poll(), 0U);
  EXPECT_THAT(listener.heard, ElementsAre(1, 2));
}

TEST(PolledObservers, LeaveWhatACallbackCausedToTheNextPoll) {
  Observers observers(Delivery::by_poll);
  std::vector<std::size_t> nested;
  const auto subscription = observers.add(item_model(), {}, [&](const RecordChange&) {
    observers.queue({change(2)});
    nested.push_back(observers.poll());
  });
  observers.queue({change(1)});
  EXPECT_EQ(observers.poll(), 1U);
  EXPECT_EQ(observers.poll(), 1U);
  EXPECT_THAT(nested, ElementsAre(0, 0));
}

/// An application's executor, run by hand.
class QueuedExecutor : public testing::Test {
 protected:
  void run_one() {
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
  std::deque<std::function<void()>> tasks_;
  Observers observers_{Delivery::on_executor,
                       [this](std::function<void()> task) { tasks_.push_back(std::move(task)); }};
  Listener listener_;
};

TEST_F(QueuedExecutor, GetsOneTaskForAllThatWaits) {
  const auto subscription = observers_.add(item_model(), {}, listener_.callback());
  observers_.queue({change(1)});
  observers_.deliver();
  observers_.queue({change(2)});
  observers_.deliver();
  ASSERT_EQ(tasks_.size(), 1U);
  EXPECT_THAT(listener_.heard, IsEmpty());
  run_one();
  EXPECT_THAT(listener_.heard, ElementsAre(1, 2));
  EXPECT_TRUE(tasks_.empty());
}

TEST_F(QueuedExecutor, GetsALongQueueInSeveralTasks) {
  const auto subscription = observers_.add(item_model(), {}, listener_.callback());
  std::vector<RecordChange> changes;
  for (std::int64_t n = 0; n < 1000; ++n) changes.push_back(change(n));
  observers_.queue(std::move(changes));
  observers_.deliver();
  std::size_t task_count = 0;
  for (; !tasks_.empty(); ++task_count) run_one();
  EXPECT_GT(task_count, 1U);
  EXPECT_EQ(listener_.heard.size(), 1000U);
}

TEST_F(QueuedExecutor, IsAskedAgainAfterACallbackThatRanItsTasksItself) {
  const auto subscription = observers_.add(item_model(), {}, [&](const RecordChange& what) {
    listener_.heard.push_back(*what.record["n"].as_integer());
    if (listener_.heard.size() > 1) return;
    observers_.queue({change(2)});
    observers_.deliver();
    while (!tasks_.empty()) run_one();
  });
  observers_.queue({change(1)});
  observers_.deliver();
  while (!tasks_.empty()) run_one();
  EXPECT_THAT(listener_.heard, ElementsAre(1, 2));
}

TEST_F(QueuedExecutor, MayRunATaskAfterTheStoreIsGone) {
  std::optional<Observers> store(std::in_place, Delivery::on_executor,
                                 [this](std::function<void()> task) { tasks_.push_back(std::move(task)); });
  const auto subscription = store->add(item_model(), {}, listener_.callback());
  store->queue({change(1)});
  store->deliver();
  store.reset();
  run_one();
  EXPECT_THAT(listener_.heard, IsEmpty());
}

TEST(ImmediateExecutor, IsNotRecursedInto) {
  std::size_t depth = 0;
  std::size_t depth_max = 0;
  Observers observers(Delivery::on_executor, [&](const std::function<void()>& task) {
    depth_max = std::max(depth_max, ++depth);
    task();
    --depth;
  });
  std::size_t heard = 0;
  const auto subscription = observers.add(item_model(), {}, [&](const RecordChange&) { ++heard; });
  std::vector<RecordChange> changes;
  for (std::int64_t n = 0; n < 1000; ++n) changes.push_back(change(n));
  observers.queue(std::move(changes));
  observers.deliver();
  EXPECT_EQ(heard, 1000U);
  EXPECT_EQ(depth_max, 1U);
}

}  // namespace
}  // namespace holdfast::observe
