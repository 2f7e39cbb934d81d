#include "tests/simulation/kept.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace holdfast::simulation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refusal(std::string_view text) {
  const auto read = read_kept(text, "mine.txt");
  return read ? "" : read.error().message;
}

TEST(Kept, ReadsSeedsAndWhatWasTakenAway) {
  const auto worlds =
      read_kept("# why\n\n7\n 8 --without partitions --operations 20 --without sqlite  # said\n", "mine.txt");
  ASSERT_TRUE(worlds) << worlds.error().message;
  ASSERT_EQ(worlds->size(), 2U);
  EXPECT_EQ(worlds->at(0).seed, 7U);
  EXPECT_EQ(worlds->at(1).seed, 8U);
  EXPECT_THAT(worlds->at(1).smaller.without, ElementsAre("partitions", "sqlite"));
  EXPECT_EQ(worlds->at(1).smaller.operations, 20U);
}

TEST(Kept, ComplainsWithLineAndRemedy) {
  EXPECT_THAT(refusal("7\nseven\n"), HasSubstr("mine.txt: line 2 must begin with a seed, not with \"seven\""));
  EXPECT_THAT(refusal("7 --without rain"),
              HasSubstr("line 1 has \"--without rain\"; after the seed, only --without REDUCTION"));
  EXPECT_THAT(refusal("7 --operations few"), HasSubstr("--operations few"));
  EXPECT_THAT(kept_in("/nowhere/kept.txt").error().message, HasSubstr("/nowhere/kept.txt: cannot be read"));
}

TEST(Kept, KeepsWhatFails) {
  const auto path = std::filesystem::temp_directory_path() / ("holdfast_kept_" + std::to_string(getpid()));
  ASSERT_TRUE(keep_in(path, {.seed = 9, .smaller = {.without = {"queue"}, .operations = 5}}, "lost\nand more"));
  const auto worlds = kept_in(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(worlds) << worlds.error().message;
  ASSERT_EQ(worlds->size(), 1U);
  EXPECT_EQ(worlds->at(0).seed, 9U);
  EXPECT_EQ(worlds->at(0).smaller.arguments(), " --without queue --operations 5");
}

}  // namespace
}  // namespace holdfast::simulation
