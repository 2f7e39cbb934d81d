#include "net/frame_queue.h"

#include <gtest/gtest.h>

namespace holdfast::net {
namespace {

SharedFrame frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

TEST(FrameQueue, WakesTheWriterOnlyWhenItRests) {
  FrameQueue queue(100);
  EXPECT_TRUE(queue.push(frame("a")));
  EXPECT_FALSE(queue.push(frame("b")));
  EXPECT_EQ(*queue.next().frame, "a");
  EXPECT_FALSE(queue.push(frame("c")));
  EXPECT_EQ(*queue.next().frame, "b");
  EXPECT_EQ(*queue.next().frame, "c");
  EXPECT_EQ(queue.next().frame, nullptr);
  EXPECT_TRUE(queue.push(frame("d")));
}

TEST(FrameQueue, WritesWhatWaitsBeforeItCloses) {
  FrameQueue queue(100);
  EXPECT_TRUE(queue.push(frame("a")));
  EXPECT_TRUE(queue.close({1000, "done"}, Waiting::written_first));
  EXPECT_FALSE(queue.push(frame("late")));
  EXPECT_FALSE(queue.close({1001, "again"}, Waiting::dropped));
  EXPECT_EQ(*queue.next().frame, "a");
  const auto step = queue.next();
  ASSERT_TRUE(step.closing);
  EXPECT_EQ(step.closing->code, 1000);
  EXPECT_FALSE(queue.next().closing) << "it closes once";
}

TEST(FrameQueue, ClosesWith1013WhenTheBoundIsPassed) {
  FrameQueue queue(10);
  EXPECT_TRUE(queue.push(frame("12345")));
  EXPECT_EQ(*queue.next().frame, "12345") << "the frame being written still counts";
  EXPECT_FALSE(queue.push(frame("6789")));
  EXPECT_TRUE(queue.push(frame("xx")));
  ASSERT_TRUE(queue.closing());
  EXPECT_EQ(queue.closing()->code, 1013);
  EXPECT_TRUE(queue.next().closing) << "what waited is dropped";
}

TEST(FrameQueue, CutsReasonsToWhatACloseFrameHolds) {
  FrameQueue queue(10);
  EXPECT_TRUE(queue.close({1000, std::string(200, 'x')}, Waiting::dropped));
  EXPECT_EQ(queue.closing()->reason.size(), 123U);
}

TEST(FrameQueue, TakesNothingAfterItsEnd) {
  FrameQueue queue(10);
  EXPECT_TRUE(queue.push(frame("a")));
  queue.end();
  EXPECT_FALSE(queue.push(frame("b")));
  EXPECT_EQ(queue.next().frame, nullptr);
  EXPECT_FALSE(queue.close({}, Waiting::dropped));
}

TEST(FrameQueue, ASpentBudgetClosesWhoHoldsMuchAndSparesTheOthers) {
  const auto budget = std::make_shared<FrameBudget>(FrameQueue::spared_bytes + 100);
  {
    FrameQueue slow(std::size_t{1} << 30U, budget);
    FrameQueue healthy(std::size_t{1} << 30U, budget);
    EXPECT_TRUE(slow.push(frame(std::string(FrameQueue::spared_bytes, 'x'))));
    EXPECT_TRUE(healthy.push(frame(std::string(200, 'x'))));
    EXPECT_FALSE(healthy.closing());
    EXPECT_TRUE(slow.push(frame("one more")));
    EXPECT_EQ(slow.closing()->code, 1013);
    EXPECT_EQ(budget->bytes, 200U) << "what the slow one held is given back";
  }
  EXPECT_EQ(budget->bytes, 0U);
}

}  // namespace
}  // namespace holdfast::net
