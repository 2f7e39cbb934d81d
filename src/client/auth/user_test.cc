#include "client/auth/user.h"

#include <gmock/gmock.h>

#include "client/storage/setting_names.h"
#include "client/sync/testing.h"

namespace holdfast::auth {
namespace {

using client::testing::queued;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct UserTest : ::testing::Test {
  std::optional<std::string> sync_state() {
    std::optional<std::string> found;
    EXPECT_TRUE(world.storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(text, transaction.setting(client::sync_state_name("Post")));
      found = text;
      return {};
    }));
    return found;
  }
  Result<void> begin(const std::string& user) { return begin_as(*world.storage, world.schema, user); }

  sync::testing::World world;
};

TEST_F(UserTest, TheSameUserGoesOnWithTheirChanges) {
  EXPECT_TRUE(begin("ann"));
  world.save(world.post_of("p", "a", 1));
  EXPECT_TRUE(begin("ann"));
  EXPECT_FALSE(sync_state());
}

TEST_F(UserTest, ChangesOfOneUserAreNotSentByAnother) {
  world.save(world.post_of("p", "a", 1));
  EXPECT_TRUE(begin("ann")) << "what was written before anybody signed in is the first user's";
  const auto refused = begin("bob");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("another user"));
  EXPECT_THAT(queued(*world.storage), SizeIs(1));
  EXPECT_TRUE(begin("ann"));
  EXPECT_TRUE(begin("")) << "an application that tells no users apart";
}

TEST_F(UserTest, RowsOfOneUserAreKeptForTheNextAndFetchedAgain) {
  EXPECT_TRUE(begin("ann"));
  world.synced(world.post_of("p", "a", 1), 3);
  EXPECT_TRUE(begin("bob"));
  EXPECT_TRUE(world.row(world.post, "p"));
  EXPECT_EQ(sync_state(), client::incomplete_sync_state);
}

TEST_F(UserTest, AClearedDeviceIsNobodys) {
  EXPECT_TRUE(begin("ann"));
  world.save(world.post_of("p", "a", 1));
  EXPECT_TRUE(world.storage->clear());
  EXPECT_TRUE(begin("bob"));
}

}  // namespace
}  // namespace holdfast::auth
