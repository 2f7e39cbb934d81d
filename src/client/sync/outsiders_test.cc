#include "client/sync/outsiders.h"

#include <gtest/gtest.h>

#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

class OutsidersTest : public ::testing::Test {
 protected:
  client::SyncedRecord at(const std::string& id, std::int64_t version) {
    return {world.post_of(id.c_str(), "title"), testing::metadata(version)};
  }

  testing::World world;
  Outsiders outsiders;
};

TEST_F(OutsidersTest, KnowTheNewestVersionOfAKey) {
  EXPECT_FALSE(outsiders.outran(at("a", 1)));
  outsiders.note(at("a", 5));
  outsiders.note(at("a", 4));
  EXPECT_TRUE(outsiders.outran(at("a", 5)));
  EXPECT_FALSE(outsiders.outran(at("a", 6)));
  EXPECT_FALSE(outsiders.outran(at("b", 1)));
  outsiders.clear();
  EXPECT_FALSE(outsiders.outran(at("a", 5)));
}

TEST_F(OutsidersTest, TellModelsApart) {
  outsiders.note(at("a", 5));
  const auto comment = testing::record(world.comment, {{"id", "a"}});
  EXPECT_FALSE(outsiders.outran({comment, testing::metadata(5)}));
}

TEST_F(OutsidersTest, ForgetTheOldestBeyondTheirBound) {
  for (std::size_t each = 0; each <= Outsiders::records_max; ++each) outsiders.note(at("p" + std::to_string(each), 1));
  EXPECT_FALSE(outsiders.outran(at("p0", 1)));
  EXPECT_TRUE(outsiders.outran(at("p1", 1)));
  EXPECT_TRUE(outsiders.outran(at("p" + std::to_string(Outsiders::records_max), 1)));
}

}  // namespace
}  // namespace holdfast::sync
