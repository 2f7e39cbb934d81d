#include "net/loop.h"

#include <gmock/gmock.h>

#include <thread>

#include "net/raw_socket.h"

namespace holdfast::net {
namespace {

using testing::ElementsAre;

TEST(Loop, RunsTasksByTickAndThenInTheOrderGiven) {
  Notes<int> notes;
  Loop loop;
  const auto now = loop.ticks();
  loop.wake_at(now + Milliseconds(60), [&] { notes.add(4); });
  loop.wake_at(now + Milliseconds(30), [&] { notes.add(1); });
  loop.wake_at(now + Milliseconds(30), [&] { notes.add(2); });
  loop.wake_at(now + Milliseconds(30), [&] { notes.add(3); });
  EXPECT_THAT(notes.wait_for(4), ElementsAre(1, 2, 3, 4));
}

TEST(Loop, RunsNoTaskBeforeItsTick) {
  Notes<Milliseconds> early;
  Loop loop;
  const auto due = loop.ticks() + Milliseconds(20);
  loop.wake_at(due, [&] { early.add(loop.ticks() - due); });
  const auto notes = early.wait_for(1);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_GE(notes[0].count(), 0);
}

TEST(Loop, RunsATaskOnItsOwnThreadAndNeverInsideWakeAt) {
  Notes<std::thread::id> threads;
  Loop loop;
  loop.wake_at(loop.ticks(), [&] {
    loop.wake_at(loop.ticks() - Milliseconds(5), [&] { threads.add(std::this_thread::get_id()); });
    EXPECT_TRUE(threads.now().empty());
    threads.add(std::this_thread::get_id());
  });
  const auto notes = threads.wait_for(2);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0], notes[1]);
  EXPECT_NE(notes[0], std::this_thread::get_id());
}

TEST(Loop, AnEarlierTaskOvertakesALaterOneAlreadyWaiting) {
  Notes<int> notes;
  Loop loop;
  loop.wake_at(Tick::max(), [&] { notes.add(9); });
  loop.wake_at(loop.ticks() + Milliseconds(5), [&] { notes.add(1); });
  EXPECT_THAT(notes.wait_for(1), ElementsAre(1));
}

TEST(Loop, DropsWaitingTasksWhenItIsDestroyed) {
  Notes<int> notes;
  auto owned = std::make_shared<int>(1);
  {
    Loop loop;
    loop.wake_at(loop.ticks() + std::chrono::hours(1), [&notes, owned] { notes.add(*owned); });
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_TRUE(notes.now().empty());
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Loop, TellsWallTime) {
  Loop loop;
  EXPECT_GT(epoch_ms(loop.wall()), 1'600'000'000'000);
}

}  // namespace
}  // namespace holdfast::net
