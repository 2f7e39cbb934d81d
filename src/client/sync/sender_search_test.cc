// How the sender finds what may leave behind changes that the service refuses for now.
#include <gmock/gmock.h>

#include "client/sync/sender.h"
#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using testing::item;
using testing::record;
using testing::variables;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// More than are looked at in one transaction.
constexpr int denied_posts = 2'000;

class SenderSearch : public ::testing::Test {
 protected:
  SenderSearch() {
    sender.set_device("device");
    sender.start();
    // In one transaction: the memory storage copies all that it holds for each.
    const auto saved = world.storage->write([&](client::Transaction& transaction) -> Result<void> {
      outbox::Written written;
      const Predicate always;
      for (int at = 0; at < denied_posts; ++at) {
        HOLDFAST_TRY(one, outbox::save(transaction, {world.post_of(("p" + std::to_string(at)).c_str(), "denied"), nullptr, &always}, written));
      }
      return {};
    });
    EXPECT_TRUE(saved);
  }

  /// Answers everything until nothing more leaves. Returns the ids of the records that the service took, in order.
  std::vector<std::string> drain() {
    std::vector<std::string> taken;
    for (int turn = 0; turn < 10'000; ++turn) {
      Effects effects;
      EXPECT_TRUE(sender.pump(world.now, effects));
      const auto asked = all<effect::Exchange>(effects);
      for (const auto& one : asked) answer(one, taken);
      if (asked.empty() && all<effect::Continue>(effects).empty()) return taken;
    }
    ADD_FAILURE() << "the search does not end";
    return taken;
  }
  void answer(const effect::Exchange& asked, std::vector<std::string>& taken) {
    const auto input = variables(asked)["input"];
    const bool is_post = asked.model == &world.post;
    const std::string field = is_post ? "createPost" : "createComment";
    Effects effects;
    if (input["title"] == Value("denied")) {
      EXPECT_TRUE(sender.on_reply(world.now, asked.id, client::testing::error_response(field, "Unauthorized"), effects));
      return;
    }
    const auto id = *input["id"].as_string();
    taken.push_back(id);
    const auto row = world.storage->find(*asked.model, testing::key(id))->record;
    const auto reply = client::testing::json_response(Object{{field, item(*row, 1)}});
    EXPECT_TRUE(sender.on_reply(world.now, asked.id, reply, effects));
  }
  void comment_on(const char* post, const char* id) {
    world.save(record(world.comment, {{"id", id}, {"content", "x"}, {"postCommentsId", post}}));
  }

  testing::World world;
  Sender sender{world.ports()};
};

// O34: what is refused for one record blocks no other.
TEST_F(SenderSearch, GoesPastAnyNumberOfRefusedChanges) {
  world.save(world.post_of("allowed", "a"));
  EXPECT_THAT(drain(), ElementsAre("allowed"));
  EXPECT_EQ(*world.storage->outbox_size(), std::size_t{denied_posts});
  world.save(world.post_of("later", "a"));
  EXPECT_THAT(drain(), ElementsAre("later"));
}

// Invariant 3, and parents before children.
TEST_F(SenderSearch, KeepsTheOrderFarBehindTheHead) {
  drain();
  world.save(world.post_of("p0", "edited"));
  comment_on("p1", "of_a_denied_post");
  EXPECT_THAT(drain(), IsEmpty());
  world.save(world.post_of("allowed", "a"));
  comment_on("allowed", "of_an_allowed_post");
  EXPECT_THAT(drain(), ElementsAre("allowed", "of_an_allowed_post"));
  EXPECT_EQ(*world.storage->outbox_size(), std::size_t{denied_posts + 2});
}

TEST_F(SenderSearch, KeepsTheOrderOfRemovalsFarBehindTheHead) {
  drain();
  world.synced(world.post_of("parent", "a"), 1);
  world.synced(record(world.comment, {{"id", "child"}, {"postCommentsId", "parent"}}), 1);
  world.remove(world.post, "parent");
  Effects effects;
  ASSERT_TRUE(sender.pump(world.now, effects));
  for (int turn = 0; turn < 10 && all<effect::Exchange>(effects).empty(); ++turn) {
    ASSERT_TRUE(sender.pump(world.now, effects));
  }
  const auto asked = all<effect::Exchange>(effects);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].model, &world.comment) << "the child's first";
}

TEST_F(SenderSearch, LooksFromTheHeadAgainWhenAWaitIsOver) {
  drain();
  ASSERT_TRUE(sender.wake_at().has_value());
  world.now.ticks = *sender.wake_at();
  Effects effects;
  ASSERT_TRUE(sender.pump(world.now, effects));
  EXPECT_FALSE(all<effect::Exchange>(effects).empty());
}

}  // namespace
}  // namespace holdfast::sync
