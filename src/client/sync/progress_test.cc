#include "client/sync/progress.h"

#include <gtest/gtest.h>

namespace holdfast::sync {
namespace {

TEST(Progress, ReadsWhatItWrites) {
  Progress progress{.where = Predicate::compare("rating", Op::gt, {4})};
  progress.done = Progress::Done{.started_at = 17, .full_at = from_epoch_ms(12)};
  progress.resume = Progress::Resume{.token = "t", .started_at = 5, .full_at = from_epoch_ms(6), .records = 7};
  progress.is_incomplete = true;
  const auto read = read_progress(write(progress));
  EXPECT_TRUE(read.is_known);
  EXPECT_TRUE(read.is_incomplete);
  EXPECT_EQ(read.where, progress.where);
  ASSERT_TRUE(read.done && read.resume);
  EXPECT_EQ(read.done->started_at, 17);
  EXPECT_EQ(read.done->full_at, from_epoch_ms(12));
  EXPECT_EQ(read.resume->token, "t");
  EXPECT_EQ(read.resume->records, 7);
}

// The form of earlier versions, which knew no expressions.
TEST(Progress, OfAModelThatIsKeptWholeNamesNoExpression) {
  Progress progress;
  progress.done = Progress::Done{.started_at = 17, .full_at = from_epoch_ms(12)};
  EXPECT_EQ(write(progress), R"({"startedAt":17,"fullAt":12})");
  EXPECT_FALSE(read_progress(std::nullopt).is_known);
}

TEST(Progress, ThatCannotBeReadBeginsAnew) {
  for (const char* text : {"", "{", "[]", R"({"startedAt":"x","fullAt":1,"resume":{"token":1}})"}) {
    const auto read = read_progress(text);
    EXPECT_TRUE(read.is_known) << text;
    EXPECT_FALSE(read.done || read.resume) << text;
  }
  EXPECT_NE(read_progress(R"({"startedAt":1,"fullAt":1,"where":{"op":"nonsense"}})").where, Predicate{});
}

}  // namespace
}  // namespace holdfast::sync
