#include "client/sync/waits.h"

#include <gtest/gtest.h>

#include "client/sync/outcome.h"
#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using protocol::Failure;
using protocol::ReplyError;

class WaitsTest : public ::testing::Test {
 protected:
  static ReplyError error(Failure failure, bool concerns_all, std::optional<Milliseconds> retry_after = {}) {
    ReplyError made;
    made.failure = failure;
    made.concerns_all = concerns_all;
    made.retry_after = retry_after;
    return made;
  }
  bool add(std::int64_t entry, const ReplyError& what) { return waits.add(world.now, entry, what); }

  testing::World world;
  Waits waits{world.ports()};
};

TEST_F(WaitsTest, HoldOneEntryForWhatConcernsItAlone) {
  add(7, error(Failure::transient, false));
  EXPECT_TRUE(waits.holds(7));
  EXPECT_FALSE(waits.holds(8));
  EXPECT_FALSE(waits.holds_all());
  waits.end_until(*waits.next_end());
  EXPECT_FALSE(waits.holds(7));
  EXPECT_EQ(waits.next_end(), std::nullopt);
}

TEST_F(WaitsTest, GrowForEachEntryByItself) {
  Tick longest{};
  for (int turn = 0; turn < 3; ++turn) {
    waits.settle(8);
    add(7, error(Failure::transient, false));
    longest = *waits.next_end();
    waits.end_until(longest);
  }
  EXPECT_GE(longest - world.now.ticks, world.options.retry_delay_min * 2);
}

// A service that fails for one record after the other is left alone as a whole.
TEST_F(WaitsTest, HoldAllAfterFailuresInARow) {
  for (std::int64_t entry = 1; entry < std::int64_t{Waits::failures_max}; ++entry) {
    add(entry, error(Failure::transient, false));
    add(entry, error(Failure::transient, false));
    EXPECT_FALSE(waits.holds_all());
  }
  add(99, error(Failure::transient, false));
  EXPECT_TRUE(waits.holds_all());
}

TEST_F(WaitsTest, AreNotInARowWhenTheServiceTakesOneBetween) {
  for (std::int64_t entry = 1; entry < 20; ++entry) {
    add(entry, error(Failure::transient, false));
    waits.settle(100);
  }
  EXPECT_FALSE(waits.holds_all());
}

// O34: one report for all that are under way together; a record that may not be written is its own matter.
TEST_F(WaitsTest, AreNewsOnceForRefusedCredentials) {
  EXPECT_TRUE(add(1, error(Failure::unauthorized, true)));
  EXPECT_FALSE(add(2, error(Failure::unauthorized, true)));
  EXPECT_EQ(*waits.next_end(), world.now.ticks + world.options.retry_delay_max);
  waits.clear();
  for (std::int64_t entry = 1; entry < 20; ++entry) EXPECT_TRUE(add(entry, error(Failure::unauthorized, false)));
  EXPECT_FALSE(waits.holds_all());
}

// O33
TEST_F(WaitsTest, LastAtLeastAsLongAsTheServiceAsks) {
  add(1, error(Failure::transient, true, std::chrono::seconds(90)));
  EXPECT_EQ(*waits.next_end(), world.now.ticks + std::chrono::seconds(90));
  add(2, error(Failure::transient, true, std::chrono::seconds(120)));
  EXPECT_EQ(*waits.next_end(), world.now.ticks + std::chrono::seconds(120));
  waits.clear();
  add(3, error(Failure::transient, false, std::chrono::seconds(5)));
  EXPECT_EQ(*waits.next_end(), world.now.ticks + std::chrono::seconds(5));
}

// Every kind of answer has its row, under its own name, and says what can be done.
TEST(Outcomes, HaveARowForEachKindOfAnswer) {
  for (const auto failure : {Failure::transient, Failure::unauthorized, Failure::conflict, Failure::condition_failed,
                             Failure::rejected, Failure::malformed}) {
    EXPECT_EQ(outcome_of(failure).failure, failure);
    EXPECT_FALSE(outcome_of(failure).recovery.empty());
  }
  EXPECT_EQ(outcome_of(Failure::transient).deed, Deed::try_again);
  EXPECT_EQ(outcome_of(Failure::unauthorized).deed, Deed::ask_later);
  EXPECT_EQ(outcome_of(Failure::conflict).deed, Deed::decide);
  EXPECT_EQ(outcome_of(Failure::condition_failed).deed, Deed::give_up);
  EXPECT_EQ(outcome_of(Failure::rejected).deed, Deed::give_up);
  EXPECT_EQ(outcome_of(Failure::malformed).deed, Deed::try_some);
}

}  // namespace
}  // namespace holdfast::sync
