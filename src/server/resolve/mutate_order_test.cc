// Mutations in the order of spec/conflict.md section 3, in its corners: keys of several fields, tombstones, replays,
// ancestors that the change log lacks, what subscribers hear of conflicts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"
#include "tests/simulation/forwarding_store.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::FakeFunctions;
using testing::Story;
using testing::text;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* post_schema = "type Post @model { id: ID! title: String rating: Int tags: [String] }";
const std::string all = "{ id title rating tags createdAt updatedAt _version _deleted }";

std::string create_post(const std::string& members) { return "mutation { createPost(input: {" + members + "}) " + all + " }"; }
std::string update_post(const std::string& members, const std::string& condition = "{}") {
  return "mutation { updatePost(input: {" + members + "}, condition: " + condition + ") " + all + " }";
}
std::string delete_post(const std::string& members) { return "mutation { deletePost(input: {" + members + "}) " + all + " }"; }

// Keys of several fields.

constexpr const char* part_schema =
    "type Part @model { maker: ID! @primaryKey(sortKeyFields: [\"number\", \"size\"]) number: Int! size: String! name: String }";
const std::string part = "{ maker number size name _version _deleted }";
const std::string part_key = R"(maker: "m", number: 7, size: "xl")";

TEST(CompositeKey, NamesOneRecordThroughItsLife) {
  Story story(part_schema);
  EXPECT_EQ(text(story.get("mutation { createPart(input: {" + part_key + R"(, name: "a"}) )" + part + "}")),
            R"({"maker":"m","number":7,"size":"xl","name":"a","_version":1,"_deleted":null})");
  story.get("mutation { updatePart(input: {" + part_key + R"(, name: "b", _version: 1}) )" + part + "}");
  EXPECT_EQ(story.get(R"({ getPart(maker: "m", number: 7, size: "xl") )" + part + "}")["name"], Value("b"));
  EXPECT_TRUE(story.get(R"({ getPart(maker: "m", number: 7, size: "s") )" + part + "}").is_null());
  EXPECT_EQ(story.get("mutation { deletePart(input: {" + part_key + "  _version: 2}) " + part + "}")["_deleted"], Value(true));
  EXPECT_EQ(story.get("mutation { createPart(input: {" + part_key + "}) " + part + "}")["_version"], Value(4));
}

TEST(CompositeKey, StandsInEveryRefusal) {
  Story story(part_schema, {.conflict = ConflictStrategy::optimistic});
  const auto create = "mutation { createPart(input: {" + part_key + R"(, name: "a"}) )" + part + "}";
  story.get(create);
  EXPECT_EQ(story.get(create)["_version"], Value(1)) << "a replay";
  const auto conflict = story.refusal("mutation { updatePart(input: {" + part_key + R"(, name: "b", _version: 9}) )" + part + "}");
  EXPECT_EQ(text(conflict["data"]), R"({"maker":"m","number":7,"size":"xl","name":"a","_version":1,"_deleted":null})");
  const auto taken = story.refusal("mutation { createPart(input: {" + part_key + R"(, name: "x"}) )" + part + "}");
  EXPECT_EQ(taken["data"], conflict["data"]);
  EXPECT_THAT(*story.refusal(R"(mutation { deletePart(input: {maker: "m", number: 7}) { maker } })")["message"].as_string(),
              HasSubstr("size"));
}

// Creates.

TEST(Replay, OfACreateThatResurrectedIsASuccess) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  story.get(delete_post(R"(id: "1", _version: 1)"));
  const auto first = story.get(create_post(R"(id: "1", title: "b")"));
  EXPECT_EQ(story.get(create_post(R"(id: "1", title: "b")")), first);
  EXPECT_EQ(first["_version"], Value(3));
  EXPECT_EQ(story.refusal(create_post(R"(id: "1", title: "c")"))["data"]["title"], Value("b"));
  story.get(update_post(R"(id: "1", title: "b", _version: 3)"));
  EXPECT_EQ(story.refusal(create_post(R"(id: "1", title: "b")"))["errorType"], Value("ConditionalCheckFailedException"))
      << "somebody has edited it since";
}

TEST(Create, ChecksExistenceBeforeItsCondition) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  const auto error = story.refusal(
      R"(mutation { createPost(input: {id: "1", title: "b"}, condition: {title: {eq: "z"}}) )" + all + "}");
  EXPECT_EQ(error["errorType"], Value("ConditionalCheckFailedException"));
  EXPECT_EQ(error["data"]["title"], Value("a"));
}

TEST(Create, OnATombstoneHoldsItsConditionAgainstNothing) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  story.get(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_EQ(story.refusal(R"(mutation { createPost(input: {id: "1"}, condition: {title: {eq: "a"}}) )" + all + "}")["errorType"],
            Value("DynamoDB:ConditionalCheckFailedException"));
}

// What comes first.

TEST(Order, IsExistenceThenVersionThenCondition) {
  Story story(post_schema, {.conflict = ConflictStrategy::optimistic});
  const std::string never = R"({title: {eq: "z"}})";
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", title: "b", _version: 1)", never))["errorType"],
            Value("ConditionalCheckFailedException"));
  story.get(create_post(R"(id: "1", title: "a")"));
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", title: "b", _version: 7)", never))["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", title: "b", _version: 1)", never))["errorType"],
            Value("DynamoDB:ConditionalCheckFailedException"));
  story.get(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", title: "b", _version: 1)", never))["errorType"], Value("ConflictUnhandled"));
}

TEST(Order, PutsTheKeyOfTheCallerBeforeAll) {
  Story story(post_schema, {.api_key = "k"});
  const auto reply = story.server->respond(
      {.method = "POST", .target = "/graphql", .body = R"({"query":"mutation { updatePost(input: {id: \"1\"}) { id } }"})"});
  EXPECT_EQ(reply.status, 401);
}

// Tombstones.

TEST(Tombstone, MetByAStaleMutationIsAConflictUnderBothStrategies) {
  for (const auto strategy : {ConflictStrategy::automerge, ConflictStrategy::optimistic}) {
    Story story(post_schema, {.conflict = strategy});
    story.get(create_post(R"(id: "1", title: "a")"));
    story.get(delete_post(R"(id: "1", _version: 1)"));
    for (const auto& mutation : {update_post(R"(id: "1", title: "b", _version: 1)"), delete_post(R"(id: "1", _version: 1)")}) {
      const auto error = story.refusal(mutation);
      EXPECT_EQ(error["errorType"], Value("ConflictUnhandled"));
      EXPECT_EQ(error["data"]["_deleted"], Value(true));
      EXPECT_EQ(error["data"]["title"], Value("a"));
    }
  }
}

TEST(Delete, ThatIsStaleIsRefusedByAutomergeEvenWhenNothingChanged) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  story.get(update_post(R"(id: "1", title: "a", _version: 1)"));
  EXPECT_EQ(story.refusal(delete_post(R"(id: "1", _version: 1)"))["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(story.refusal(delete_post(R"(id: "1")"))["errorType"], Value("ConflictUnhandled")) << "no version is a stale one";
}

// The ancestor of an Automerge.

/// Title "a" and rating 1 at version 1, "b" and 1 at version 2.
void write_two_versions(Story& story) {
  story.get(create_post(R"(id: "1", title: "a", rating: 1, tags: ["x"])"));
  story.get(update_post(R"(id: "1", title: "b", _version: 1)"));
}

TEST(Ancestor, IsTheRecordAtTheClientsVersion) {
  Story story(post_schema);
  write_two_versions(story);
  const auto merged = story.get(update_post(R"(id: "1", title: "mine", rating: 9, tags: ["y"], _version: 1)"));
  EXPECT_EQ(merged["title"], Value("b")) << "both changed it";
  EXPECT_EQ(merged["rating"], Value(9)) << "only the client did";
  EXPECT_EQ(text(merged["tags"]), R"(["y"])");
  EXPECT_EQ(merged["createdAt"], Value("2026-11-21T07:00:00.000Z"));
}

TEST(Ancestor, ThatTheClientDoesNotNameIsUnknown) {
  for (const char* version : {"", ", _version: 0", ", _version: -1", ", _version: 99", ", _version: null"}) {
    Story story(post_schema);
    write_two_versions(story);
    const auto merged = story.get(update_post(R"(id: "1", title: "mine", rating: 9, tags: ["y"])" + std::string(version)));
    EXPECT_EQ(merged["title"], Value("b")) << version;
    EXPECT_EQ(merged["rating"], Value(1)) << version;
    EXPECT_EQ(text(merged["tags"]), R"(["x","y"])") << version;
    EXPECT_EQ(merged["_version"], Value(3)) << version;
  }
}

/// A change log that has forgotten everything.
class Forgetful final : public simulation::ForwardingStore {
 public:
  explicit Forgetful(Store& inner) : ForwardingStore(inner) {}
  Result<std::optional<Image>> image_at(const ModelSchema&, const Key&, std::int64_t) override { return std::optional<Image>(); }
};

TEST(Ancestor, ThatTheLogNoLongerHasIsUnknown) {
  std::unique_ptr<Store> records;
  Story story(post_schema, {}, {.make_store = [&](const Schema& schema, Clock& clock) -> std::unique_ptr<Store> {
                records = memory_store(schema, clock);
                return std::make_unique<Forgetful>(*records);
              }});
  write_two_versions(story);
  const auto merged = story.get(update_post(R"(id: "1", title: "mine", rating: 9, _version: 1)"));
  EXPECT_EQ(merged["title"], Value("b"));
  EXPECT_EQ(merged["rating"], Value(1));
}

TEST(Ancestor, ReachesBackOverATombstone) {
  Story story(post_schema);
  write_two_versions(story);
  story.get(delete_post(R"(id: "1", _version: 2)"));
  story.get(create_post(R"(id: "1", title: "b", rating: 5)"));
  const auto merged = story.get(update_post(R"(id: "1", title: "mine", rating: 9, _version: 2)"));
  EXPECT_EQ(merged["title"], Value("mine")) << "as it was at version 2";
  EXPECT_EQ(merged["rating"], Value(5));
}

// What subscribers hear.

TEST(Publishing, OfAConflictTellsTheMergedRecordOnceAndRefusalsNothing) {
  Story story(post_schema);
  write_two_versions(story);
  Connection connection(story);
  connection.init();
  connection.start("u", "subscription { onUpdatePost { title rating _version } }");
  connection.start("d", "subscription { onDeletePost { id _version _deleted } }");
  connection.peer->take();
  story.get(update_post(R"(id: "1", rating: 9, _version: 1)"));
  EXPECT_THAT(connection.peer->take(), ::testing::ElementsAre(HasSubstr(R"({"onUpdatePost":{"title":"b","rating":9,"_version":3}})")));
  story.refusal(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_THAT(connection.peer->take(), IsEmpty());
}

TEST(Publishing, OfAHandlersRemovalTellsOfADelete) {
  FakeFunctions functions(R"({"action":"REMOVE"})");
  Story story(post_schema, {.conflict = ConflictStrategy::custom, .conflict_function = "settle"}, {.functions = &functions});
  write_two_versions(story);
  Connection connection(story);
  connection.init();
  connection.start("d", "subscription { onDeletePost { id _version _deleted } }");
  connection.peer->take();
  story.get(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_THAT(connection.peer->take(), ::testing::ElementsAre(HasSubstr(R"({"onDeletePost":{"id":"1","_version":3,"_deleted":true}})")));
}

}  // namespace
}  // namespace holdfast::server
