#include "client/effect_queue.h"

#include <gmock/gmock.h>

#include <vector>

namespace holdfast {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(EffectQueue, RunsTasksInTheirOrderAlsoThoseThatTasksPush) {
  EffectQueue queue;
  std::vector<int> ran;
  queue.push([&] {
    ran.push_back(1);
    queue.push([&ran] { ran.push_back(3); });
    queue.run();  // The one that runs already takes it; never by recursion.
    ran.push_back(2);
  });
  EXPECT_THAT(ran, IsEmpty());
  queue.run();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST(EffectQueue, SettlesInsideATaskAtOnce) {
  EffectQueue queue;
  bool has_settled = false;
  queue.push([&] {
    queue.settle();
    has_settled = true;
  });
  queue.run();
  EXPECT_TRUE(has_settled);
}

TEST(EffectQueue, DropsWhatWaitsWhenItCloses) {
  EffectQueue queue;
  std::vector<int> ran;
  queue.push([&] { ran.push_back(1); });
  queue.close();
  queue.push([&] { ran.push_back(2); });
  queue.run();
  EXPECT_THAT(ran, IsEmpty());
}

}  // namespace
}  // namespace holdfast
