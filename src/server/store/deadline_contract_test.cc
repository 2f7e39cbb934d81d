// Reads that take longer than a request may, for every kind of store.
#include "server/store/deadline.h"

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

constexpr int many_rows = 5'000;

}  // namespace

DeadlineContract::DeadlineContract() {
  store_.reset();
  store_ = place_->open(schema_, slow_clock_).value();
}

void DeadlineContract::fill(int rows, bool are_deleted) {
  std::vector<std::function<void()>> works;
  for (int row = 0; row < rows; ++row) {
    works.emplace_back([this, row, are_deleted] {
      auto record = post(std::to_string(row));
      record["blog"] = "b";
      ASSERT_TRUE(store_->put({.record = std::move(record), .is_deleted = are_deleted}).has_value());
    });
  }
  for (const auto& kept : store_->put_together(works)) ASSERT_TRUE(kept.has_value());
}

void DeadlineContract::expect_ended(const std::function<Result<void>()>& read) {
  {
    const ReadDeadline deadline(slow_clock_, slow_clock_.ticks() + Milliseconds(1'500));
    const auto ended = read();
    ASSERT_FALSE(ended.has_value());
    EXPECT_EQ(ended.error().code, Code::timed_out);
    EXPECT_TRUE(store_->get(posts_, key_of("1")).has_value()) << "what is quick is done all the same";
  }
  const auto whole = read();
  EXPECT_TRUE(whole.has_value()) << "the store is as good as before: " << whole.error().message;
}

namespace {

TEST_P(DeadlineContract, EndsAListThatGoesThroughManyRows) {
  fill(many_rows, true);
  expect_ended([&]() -> Result<void> {
    HOLDFAST_TRY(listed, store_->list(posts_, {}));
    EXPECT_EQ(listed.images.size(), 0U);
    return {};
  });
}

TEST_P(DeadlineContract, EndsAReadOfAnIndexThatGoesThroughManyRows) {
  fill(many_rows, true);
  expect_ended([&]() -> Result<void> {
    HOLDFAST_TRY(pages, store_->read_index(posts_, {.fields = {"blog", "rating"}}, {{{Value("b")}, {}}}));
    EXPECT_EQ(pages.front().images.size(), 0U);
    return {};
  });
}

TEST_P(DeadlineContract, EndsAReadOfTheLogThatGoesThroughManyRows) {
  fill(many_rows, false);
  expect_ended([&]() -> Result<void> {
    HOLDFAST_TRY(page, store_->changed_since(posts_, Instant(), many_rows, {}));
    EXPECT_GT(page.images.size(), 0U);
    return {};
  });
}

TEST_P(DeadlineContract, LeavesWritesAlone) {
  const ReadDeadline deadline(slow_clock_, slow_clock_.ticks());
  fill(2'000, false);
  EXPECT_TRUE(store_->get(posts_, key_of("1999")).value().has_value());
}

TEST(ReadDeadline, HoldsForItsBlockAndTheInnermostFirst) {
  StillClock clock;
  EXPECT_FALSE(ReadDeadline::has_passed());
  const ReadDeadline outer(clock, clock.ticks());
  EXPECT_TRUE(ReadDeadline::has_passed());
  {
    const ReadDeadline inner(clock, clock.ticks() + std::chrono::hours(1));
    EXPECT_FALSE(ReadDeadline::has_passed());
  }
  EXPECT_TRUE(ReadDeadline::has_passed());
}

TEST(ReadDeadline, IsAskedOnceInAFewHundredRows) {
  StillClock clock;
  const ReadDeadline passed(clock, clock.ticks());
  RowsLookedAt rows;
  int looked_at = 1;
  while (!rows.is_late()) ++looked_at;
  EXPECT_EQ(looked_at, RowsLookedAt::between_looks);
}

}  // namespace
}  // namespace holdfast::server
