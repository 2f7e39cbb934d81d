#include "graphql/kept.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace holdfast::graphql {
namespace {

TEST(Kept, LeavesValuesWhereTheyAre) {
  Kept<std::unique_ptr<int>> kept;
  std::vector<std::unique_ptr<int>*> places;
  for (int at = 0; at < 1000; ++at) places.push_back(&kept.emplace_back(std::make_unique<int>(at)));
  EXPECT_EQ(kept.size(), 1000U);
  for (int at = 0; at < 1000; ++at) EXPECT_EQ(**places[static_cast<std::size_t>(at)], at);
}

TEST(Kept, CutsOffTheLastAndGoesOn) {
  Kept<int> kept;
  const auto* first = &kept.emplace_back(1);
  for (const std::size_t size : {3U, 100U, 4U, 5U, 1U}) {
    while (kept.size() < size) kept.emplace_back(2);
    kept.cut(size);
    EXPECT_EQ(kept.size(), size);
    EXPECT_EQ(*first, 1);
  }
  kept.cut(0);
  EXPECT_EQ(kept.emplace_back(7), 7);
}

}  // namespace
}  // namespace holdfast::graphql
