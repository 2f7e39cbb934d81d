// The merge table, row by row: spec/datastore-api.md section 3.8, the C++ column.
#include "client/outbox/outbox.h"

#include <gmock/gmock.h>

#include "client/storage/memory/memory_storage.h"
#include "client/testing.h"

namespace holdfast::outbox {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::testing::key;
using client::testing::metadata;
using client::testing::patch;
using client::testing::queued;
using client::testing::record;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Outbox : public ::testing::Test {
 protected:
  OutboxEntry entry(Operation operation, Patch changes = {}) {
    return {.model = &post, .key = key("p"), .operation = operation, .changes = std::move(changes), .condition = {},
            .was_sent = false};
  }
  OutboxEntry create(const char* title) { return entry(Operation::create, patch(post, {{"title", title}})); }
  OutboxEntry update(const char* title) { return entry(Operation::update, patch(post, {{"title", title}})); }
  OutboxEntry remove() { return entry(Operation::remove); }
  OutboxEntry conditional(OutboxEntry plain) {
    plain.condition = Predicate::compare("rating", Op::gt, {3});
    return plain;
  }

  Result<std::optional<std::int64_t>> put(OutboxEntry one, Metadata known = {}) {
    std::optional<std::int64_t> id;
    const auto written = storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(queued_id, enqueue(transaction, one, known));
      id = queued_id;
      return {};
    });
    return written ? Result<std::optional<std::int64_t>>(id) : Result<std::optional<std::int64_t>>(written.error());
  }
  /// Queues it and marks it as sent.
  void sent(OutboxEntry one) {
    const auto id = put(one);
    ASSERT_TRUE(id && *id);
    one.id = **id;
    one.was_sent = true;
    ASSERT_TRUE(storage->write([&](client::Transaction& transaction) { return transaction.rewrite(one); }));
  }

  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  std::unique_ptr<client::Storage> storage = client::memory_storage(schema);
};

// O12
TEST_F(Outbox, AppendsToAnEmptyQueue) {
  ASSERT_TRUE(put(update("a")));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"title":"a"})"));
}

// O07, O29
TEST_F(Outbox, MergesAnUpdateIntoAnUnsentCreate) {
  ASSERT_TRUE(put(create("a")));
  ASSERT_TRUE(put(entry(Operation::update, patch(post, {{"rating", 5}}))));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(create ["p"] {"title":"a","rating":5})"));
}

TEST_F(Outbox, QueuesAnUpdateBehindASentCreate) {
  sent(create("a"));
  ASSERT_TRUE(put(update("b")));
  EXPECT_THAT(queued(*storage),
              ElementsAre(R"(create ["p"] {"title":"a"} sent)", R"(update ["p"] {"title":"b"})"));
}

// O08
TEST_F(Outbox, CreateAndRemoveThatNeverLeftVanishBoth) {
  ASSERT_TRUE(put(create("a")));
  const auto id = put(remove());
  ASSERT_TRUE(id);
  EXPECT_EQ(*id, std::nullopt);
  EXPECT_THAT(queued(*storage), IsEmpty());
}

TEST_F(Outbox, KeepsTheRemoveOfACreateThatWasSent) {
  sent(create("a"));
  ASSERT_TRUE(put(update("b")));
  ASSERT_TRUE(put(remove()));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(create ["p"] {"title":"a"} sent)", R"(delete ["p"] {})"));
}

TEST_F(Outbox, KeepsTheRemoveWhenTheServiceHasTheRecord) {
  ASSERT_TRUE(put(create("a")));
  ASSERT_TRUE(put(remove(), metadata(3)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["p"] {})"));
}

// O09
TEST_F(Outbox, MergesUpdatesInPlace) {
  ASSERT_TRUE(put(update("a")));
  ASSERT_TRUE(put({.model = &post, .key = key("other"), .operation = Operation::remove, .changes = {},
                   .condition = {}, .was_sent = false}));
  ASSERT_TRUE(put(update("b")));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"title":"b"})", R"(delete ["other"] {})"));
}

TEST_F(Outbox, NeverMergesIntoASentUpdate) {
  sent(update("a"));
  ASSERT_TRUE(put(update("b")));
  ASSERT_TRUE(put(update("c")));
  EXPECT_THAT(queued(*storage),
              ElementsAre(R"(update ["p"] {"title":"a"} sent)", R"(update ["p"] {"title":"c"})"));
}

// O08
TEST_F(Outbox, ARemoveSwallowsUnsentUpdatesAndStandsAtTheTail) {
  ASSERT_TRUE(put(update("a")));
  ASSERT_TRUE(put({.model = &post, .key = key("other"), .operation = Operation::update, .changes = {},
                   .condition = {}, .was_sent = false}));
  ASSERT_TRUE(put(remove(), metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["other"] {})", R"(delete ["p"] {})"));
}

// O09, O10
TEST_F(Outbox, ConditionalEntriesNeitherAbsorbNorAreAbsorbed) {
  ASSERT_TRUE(put(update("a")));
  ASSERT_TRUE(put(conditional(update("b"))));
  ASSERT_TRUE(put(update("c")));
  ASSERT_TRUE(put(conditional(remove()), metadata(1)));
  EXPECT_THAT(queued(*storage),
              ElementsAre(R"(update ["p"] {"title":"a"})", R"(update ["p"] {"title":"b"} if)",
                          R"(update ["p"] {"title":"c"})", R"(delete ["p"] {} if)"));
}

TEST_F(Outbox, ARemoveStopsAtAConditionalUpdate) {
  ASSERT_TRUE(put(conditional(update("a"))));
  ASSERT_TRUE(put(update("b")));
  ASSERT_TRUE(put(remove(), metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"title":"a"} if)", R"(delete ["p"] {})"));
}

TEST_F(Outbox, KeepsARemoveAndTheCreateBehindIt) {
  ASSERT_TRUE(put(remove(), metadata(1)));
  ASSERT_TRUE(put(create("again"), metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["p"] {})", R"(create ["p"] {"title":"again"})"));
}

TEST_F(Outbox, ARemoveAfterARecreationLeavesTheFirstRemove) {
  sent(remove());
  ASSERT_TRUE(put(create("again"), metadata(1)));
  ASSERT_TRUE(put(remove(), metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["p"] {} sent)"));
}

TEST_F(Outbox, ASecondRemoveAddsNothing) {
  ASSERT_TRUE(put(remove(), metadata(1)));
  ASSERT_TRUE(put(remove(), metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["p"] {})"));
}

TEST_F(Outbox, RefusesAnUpdateBehindARemove) {
  ASSERT_TRUE(put(remove(), metadata(1)));
  const auto refused = put(update("a"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::not_found);
}

// ST48, O14
TEST_F(Outbox, KeepsModelsWithEqualKeysApart) {
  ASSERT_TRUE(put(create("a")));
  ASSERT_TRUE(put({.model = schema.model("Comment"), .key = key("p"), .operation = Operation::remove, .changes = {},
                   .condition = {}, .was_sent = false},
                  metadata(1)));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(create ["p"] {"title":"a"})", R"(delete ["p"] {})"));
}

TEST_F(Outbox, RebasesEditsInOrder) {
  const auto ground = record(post, {{"id", "p"}, {"title", "remote"}, {"rating", 1}});
  const auto visible = rebased(ground, {update("a"), entry(Operation::update, patch(post, {{"rating", 9}})), update("b")});
  EXPECT_EQ(visible, record(post, {{"id", "p"}, {"title", "b"}, {"rating", 9}}));
  EXPECT_EQ(rebased(ground, {update("a"), remove()}), std::nullopt);
  EXPECT_EQ(rebased(ground, {remove(), create("new")}), record(post, {{"id", "p"}, {"title", "new"}}));
  EXPECT_EQ(rebased(std::nullopt, {update("a")}), std::nullopt);
}

}  // namespace
}  // namespace holdfast::outbox
