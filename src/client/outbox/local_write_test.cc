#include "client/outbox/local_write.h"

#include <gmock/gmock.h>

#include "client/outbox/image.h"
#include "client/storage/memory/memory_storage.h"
#include "client/testing.h"

namespace holdfast::outbox {
namespace {

using client::testing::key;
using client::testing::metadata;
using client::testing::patch;
using client::testing::queued;
using client::testing::record;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LocalWrite : public ::testing::Test {
 protected:
  Result<Record> put(Record row, const Patch* changes = nullptr, Predicate condition = {}) {
    std::optional<Record> saved;
    written = {};
    const auto done = storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(now, save(transaction, {row, changes, &condition}, written));
      saved = now;
      return {};
    });
    return done ? Result<Record>(*saved) : Result<Record>(done.error());
  }
  Result<bool> erase(const ModelSchema& model, std::string id, Predicate condition = {}) {
    bool was_there = false;
    written = {};
    const auto done = storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(removed, remove(schema, transaction, {&model, key(id), &condition}, written));
      was_there = removed;
      return {};
    });
    return done ? Result<bool>(was_there) : Result<bool>(done.error());
  }
  /// A row as a sync would have left it.
  void synced(Record row, std::int64_t version) {
    ASSERT_TRUE(storage->write(
        [&](client::Transaction& transaction) { return transaction.put(row, metadata(version)); }));
  }
  std::optional<Record> row(const ModelSchema& model, std::string id) { return storage->find(model, key(id))->record; }

  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  const ModelSchema& comment = *schema.model("Comment");
  std::unique_ptr<client::Storage> storage = client::memory_storage(schema);
  Written written;
};

// ST16, ST29, ST01, ST02, ST27
TEST_F(LocalWrite, InsertsARowWithACreateOfItsNonNullFields) {
  const auto saved = put(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 4}}));
  ASSERT_TRUE(saved);
  EXPECT_EQ(row(post, "p"), *saved);
  EXPECT_THAT(queued(*storage), ElementsAre(R"(create ["p"] {"title":"a","rating":4})"));
  ASSERT_EQ(written.changes.size(), 1U);
  EXPECT_EQ(written.changes[0].type, ChangeType::inserted);
  EXPECT_EQ(written.changes[0].origin, Origin::local);
}

// ST19, ST24, ST04, ST08
TEST_F(LocalWrite, UpdatesByTheFieldsThatDiffer) {
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 4}}), 3);
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 5}})));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"rating":5})"));
  EXPECT_EQ(storage->find(post, key("p"))->metadata.version, 3);
}

// ST05
// O15: a second creation of a key is an edit of the first; another model's record of that key is another record.
TEST_F(LocalWrite, QueuesOneCreationAKey) {
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}})));
  ASSERT_TRUE(put(record(comment, {{"id", "p"}, {"content", "c"}})));
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "b"}})));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(create ["p"] {"title":"b"})", R"(create ["p"] {"content":"c"})"));
}

TEST_F(LocalWrite, WritesNothingWhenNothingChanges) {
  synced(record(post, {{"id", "p"}, {"title", "a"}}), 3);
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}})));
  EXPECT_THAT(queued(*storage), IsEmpty());
  EXPECT_TRUE(written.changes.empty());
}

// ST06
TEST_F(LocalWrite, TellsAWholeNumberInAFloatingFieldAsItIsReadBack) {
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}, {"score", 8}})));
  EXPECT_EQ(written.changes.at(0).record["score"], Value(8.0));
  EXPECT_EQ(row(post, "p"), written.changes.at(0).record);
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}, {"score", 9}})));
  EXPECT_EQ(row(post, "p"), written.changes.at(0).record);
}

// ST06, ST30
TEST_F(LocalWrite, SendsAnUnsetFieldAsNull) {
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 4}}), 3);
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}})));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"rating":null})"));
}

// V30, V38, ST28
TEST_F(LocalWrite, LeavesTheServicesFieldsAlone) {
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"createdAt", "2026-01-01T00:00:00Z"}}), 3);
  const auto saved = put(record(post, {{"id", "p"}, {"title", "b"}, {"updatedAt", "2026-01-02T00:00:00Z"}}));
  ASSERT_TRUE(saved);
  EXPECT_EQ((*saved)["createdAt"], Value("2026-01-01T00:00:00Z"));
  EXPECT_TRUE((*saved)["updatedAt"].is_null());
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"title":"b"})"));
}

// DESIGN D7: an edit is applied to the row as it is now, which a sync may have moved on.
TEST_F(LocalWrite, AppliesExactlyAnEditsChanges) {
  synced(record(post, {{"id", "p"}, {"title", "remote"}, {"rating", 1}}), 3);
  const auto changes = patch(post, {{"rating", 9}});
  const auto saved = put(record(post, {{"id", "p"}, {"title", "old"}, {"rating", 9}}), &changes);
  ASSERT_TRUE(saved);
  EXPECT_EQ((*saved)["title"], Value("remote"));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"rating":9})"));
}

TEST_F(LocalWrite, DoesNotBringARemovedRowBackByAnEdit) {
  const auto changes = patch(post, {{"rating", 9}});
  const auto refused = put(record(post, {{"id", "p"}, {"title", "old"}}), &changes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::not_found);
  EXPECT_THAT(queued(*storage), IsEmpty());
}

// ST17, ST18
TEST_F(LocalWrite, ChecksAConditionAgainstTheStoredRowAndSendsIt) {
  const auto above_3 = Predicate::compare("rating", Op::gt, {3});
  EXPECT_EQ(put(record(post, {{"id", "p"}, {"title", "a"}}), nullptr, above_3).error().code, Code::condition_failed);
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 3}}), 1);
  EXPECT_EQ(put(record(post, {{"id", "p"}, {"title", "b"}, {"rating", 9}}), nullptr, above_3).error().code,
            Code::condition_failed);
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 4}}), 2);
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "b"}, {"rating", 4}}), nullptr, above_3));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p"] {"title":"b"} if)"));
}

// D05
TEST_F(LocalWrite, RemovingAMissingRowIsNoError) {
  const auto removed = erase(post, "nobody");
  ASSERT_TRUE(removed);
  EXPECT_FALSE(*removed);
  EXPECT_THAT(queued(*storage), IsEmpty());
}

// D04, D06
TEST_F(LocalWrite, RemovesOnlyWhenTheConditionHolds) {
  synced(record(post, {{"id", "p"}, {"title", "a"}, {"rating", 3}}), 1);
  EXPECT_EQ(erase(post, "p", Predicate::compare("rating", Op::gt, {3})).error().code, Code::condition_failed);
  ASSERT_TRUE(*erase(post, "p", Predicate::compare("rating", Op::eq, {3})));
  EXPECT_EQ(row(post, "p"), std::nullopt);
  EXPECT_EQ(storage->find(post, key("p"))->metadata.version, 1);
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["p"] {} if)"));
}

// R10, R16
TEST_F(LocalWrite, RemovesChildrenBeforeTheirParent) {
  synced(record(post, {{"id", "p"}, {"title", "a"}}), 1);
  synced(record(comment, {{"id", "c1"}, {"content", "x"}, {"postCommentsId", "p"}}), 1);
  synced(record(comment, {{"id", "c2"}, {"content", "y"}, {"postCommentsId", "p"}}), 1);
  synced(record(comment, {{"id", "c3"}, {"content", "z"}, {"postCommentsId", "q"}}), 1);
  ASSERT_TRUE(*erase(post, "p"));
  const auto lines = queued(*storage);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines, ::testing::UnorderedElementsAre(R"(delete ["c1"] {})", R"(delete ["c2"] {})", R"(delete ["p"] {})"));
  EXPECT_EQ(lines.back(), R"(delete ["p"] {})");
  EXPECT_TRUE(row(comment, "c3").has_value());
  EXPECT_EQ(written.changes.size(), 3U);
}

// R11
TEST_F(LocalWrite, NeverRemovesAParent) {
  synced(record(post, {{"id", "p"}, {"title", "a"}}), 1);
  synced(record(comment, {{"id", "c1"}, {"content", "x"}, {"postCommentsId", "p"}}), 1);
  ASSERT_TRUE(*erase(comment, "c1"));
  EXPECT_TRUE(row(post, "p").has_value());
}

// R20
TEST_F(LocalWrite, EndsOnCyclesOfRows) {
  Schema cyclic;
  ModelSchema node{.name = "Node", .plural_name = "Nodes"};
  node.fields = {testing::scalar("id", Scalar::id, true), testing::scalar("parentId", Scalar::id)};
  node.relations = {{.name = "children", .kind = RelationKind::has_many, .target = "Node", .keys = {"id"},
                     .target_keys = {"parentId"}}};
  node.primary_key = {"id"};
  cyclic.models = {node};
  schema = cyclic;
  storage = client::memory_storage(schema);
  const auto& model = schema.models[0];
  synced(record(model, {{"id", "a"}, {"parentId", "b"}}), 1);
  synced(record(model, {{"id", "b"}, {"parentId", "a"}}), 1);
  ASSERT_TRUE(*erase(model, "a"));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(delete ["b"] {})", R"(delete ["a"] {})"));
}

// O08
TEST_F(LocalWrite, LeavesNothingOfARowThatNeverLeftTheDevice) {
  ASSERT_TRUE(put(record(post, {{"id", "p"}, {"title", "a"}})));
  ASSERT_TRUE(*erase(post, "p"));
  EXPECT_THAT(queued(*storage), IsEmpty());
  EXPECT_EQ(storage->find(post, key("p"))->metadata, Metadata{});
  EXPECT_TRUE(written.queued.empty());
}

TEST_F(LocalWrite, KeepsImagesThroughStorage) {
  const Image image{record(post, {{"id", "p"}, {"title", "a"}, {"score", 1.0}, {"tags", List{"x", nullptr}}}), metadata(7)};
  const Image tombstone{std::nullopt, metadata(8, true)};
  ASSERT_TRUE(storage->write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(none, read_image(transaction, post, key("p")));
    EXPECT_FALSE(none.has_value());
    for (const auto& one : {image, tombstone}) {
      HOLDFAST_TRY(kept, write_image(transaction, post, key("p"), one));
      HOLDFAST_TRY(back, read_image(transaction, post, key("p")));
      EXPECT_EQ(back->record, one.record);
      EXPECT_EQ(back->metadata, one.metadata);
    }
    return drop_image(transaction, post, key("p"));
  }));
}

}  // namespace
}  // namespace holdfast::outbox
