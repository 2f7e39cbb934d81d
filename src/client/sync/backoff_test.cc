#include "client/sync/backoff.h"

#include <gtest/gtest.h>

#include "client/testing.h"

namespace holdfast::sync {
namespace {

// O32
TEST(Backoff, DoublesUpToItsLongestAndStaysInTheUpperHalf) {
  client::testing::CountingRandom random;
  Backoff backoff(random, Milliseconds(100), Milliseconds(1000));
  for (const int full : {100, 200, 400, 800, 1000, 1000}) {
    const auto delay = backoff.next();
    EXPECT_GE(delay.count(), full / 2);
    EXPECT_LE(delay.count(), full);
  }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 100);
}

TEST(Backoff, WaitsAtLeastAMillisecondEvenWhenItsBoundsAreOne) {
  client::testing::CountingRandom random;
  Backoff backoff(random, Milliseconds(2), Milliseconds(2));
  for (int turn = 0; turn < 10; ++turn) EXPECT_GE(backoff.next().count(), 1);
}

}  // namespace
}  // namespace holdfast::sync
