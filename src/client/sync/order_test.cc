// Which model is synced first, and which entries may be under way together.
#include <gmock/gmock.h>

#include "client/sync/send_order.h"
#include "client/sync/sync_order.h"
#include "client/testing.h"

namespace holdfast::sync {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::testing::key;
using client::testing::patch;
using ::testing::ElementsAre;

std::vector<std::string> names(const Schema& schema) {
  std::vector<std::string> out;
  for (const auto* model : sync_order(schema)) out.push_back(model->name);
  return out;
}

// S08
TEST(SyncOrder, PutsParentsBeforeChildren) {
  auto schema = client::testing::blog_schema();
  std::swap(schema.models[0], schema.models[1]);
  EXPECT_THAT(names(schema), ElementsAre("Post", "Comment", "Seat"));
}

TEST(SyncOrder, EndsOnCyclesAndSkipsModelsWithoutASyncQuery) {
  auto schema = client::testing::blog_schema();
  schema.models[0].relations.push_back({.name = "pinned", .kind = RelationKind::belongs_to, .target = "Comment",
                                        .keys = {"title"}, .target_keys = {"id"}});
  schema.models[0].relations.push_back({.name = "self", .kind = RelationKind::belongs_to, .target = "Post",
                                        .keys = {"title"}, .target_keys = {"id"}});
  schema.models[2].operations.sync.clear();
  EXPECT_THAT(names(schema), ElementsAre("Comment", "Post"));
}

class SendOrderTest : public ::testing::Test {
 protected:
  OutboxEntry entry(const ModelSchema& model, const char* id, Operation operation, Patch changes = {}) {
    return {.id = ++last_, .model = &model, .key = key(id), .operation = operation, .changes = std::move(changes),
            .condition = {}, .was_sent = false};
  }
  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  const ModelSchema& comment = *schema.model("Comment");
  SendOrder order{schema};
  std::int64_t last_ = 0;
};

// Invariant 3
TEST_F(SendOrderTest, AdmitsOneEntryARecord) {
  EXPECT_TRUE(order.admits(entry(post, "p", Operation::create)));
  EXPECT_FALSE(order.admits(entry(post, "p", Operation::update)));
  EXPECT_TRUE(order.admits(entry(post, "q", Operation::update)));
  EXPECT_TRUE(order.admits(entry(comment, "p", Operation::update)));
}

TEST_F(SendOrderTest, AChildWaitsForItsParentsCreate) {
  EXPECT_TRUE(order.admits(entry(post, "p", Operation::create)));
  EXPECT_FALSE(order.admits(entry(comment, "c", Operation::create, patch(comment, {{"postCommentsId", "p"}}))));
  EXPECT_TRUE(order.admits(entry(comment, "d", Operation::create, patch(comment, {{"postCommentsId", "q"}}))));
  EXPECT_FALSE(order.admits(entry(comment, "e", Operation::update, patch(comment, {{"postCommentsId", "p"}}))));
  EXPECT_TRUE(order.admits(entry(comment, "f", Operation::update, patch(comment, {{"content", "x"}}))));
}

TEST_F(SendOrderTest, AParentsRemovalWaitsForItsChildrens) {
  EXPECT_TRUE(order.admits(entry(comment, "c", Operation::remove)));
  EXPECT_TRUE(order.admits(entry(comment, "d", Operation::remove)));
  EXPECT_FALSE(order.admits(entry(post, "p", Operation::remove)));
  EXPECT_TRUE(order.admits(entry(post, "q", Operation::update)));
}

}  // namespace
}  // namespace holdfast::sync
