// Mutations in the order of spec/conflict.md section 3, through the whole server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;
using testing::text;
using ::testing::HasSubstr;

constexpr const char* post_schema = "type Post @model { id: ID! title: String! rating: Int tags: [String] }";
const std::string all = "{ id title rating tags createdAt updatedAt _version _deleted _lastChangedAt }";

std::string create_post(const std::string& members) { return "mutation { createPost(input: {" + members + "}) " + all + " }"; }
std::string update_post(const std::string& members, const std::string& condition = "{}") {
  return "mutation { updatePost(input: {" + members + "}, condition: " + condition + ") " + all + " }";
}
std::string delete_post(const std::string& members) { return "mutation { deletePost(input: {" + members + "}) " + all + " }"; }

TEST(Create, StartsAtVersionOneWithIdAndTimestamps) {
  Story story(post_schema);
  const auto post = story.get(create_post(R"(title: "a")"));
  EXPECT_EQ(post["_version"], Value(1));
  EXPECT_TRUE(post["_deleted"].is_null());
  EXPECT_EQ(post["id"].as_string()->size(), 36U);
  EXPECT_EQ(post["createdAt"], Value("2026-11-21T07:00:00.000Z"));
  EXPECT_EQ(post["updatedAt"], post["createdAt"]);
  EXPECT_EQ(post["_lastChangedAt"], Value(std::int64_t{1'795'244'400'000}));
}

TEST(Create, MakesAnIdThatIsNotTheKeyToo) {
  Story story("type Item @model { id: ID! sku: String! @primaryKey }");
  const auto create = [&](const std::string& input) {
    return story.get("mutation { createItem(input: {" + input + "}) { id sku _version } }");
  };
  const auto made = create(R"(sku: "a")");
  EXPECT_EQ(made["id"].as_string()->size(), 36U);
  EXPECT_EQ(create(R"(sku: "a")"), made) << "a repeated one is known, though it does not know the id";
  EXPECT_EQ(create(R"(sku: "b", id: "mine")")["id"], Value("mine"));
}

TEST(Create, MakesAnIdThatIsPartOfTheKey) {
  Story story(R"(type Page @model { id: ID! @primaryKey(sortKeyFields: ["number"]) number: Int! })");
  const auto page = story.get("mutation { createPage(input: {number: 3}) { id number } }");
  EXPECT_EQ(page["id"].as_string()->size(), 36U);
  EXPECT_EQ(page["number"], Value(3));
}

TEST(Create, HasNoEmptyKey) {
  Story story(R"(
    type Post @model { id: ID! }
    type Shift @model { team: ID! @primaryKey(sortKeyFields: ["day"]) day: String! }
    type Seat @model { venue: ID! @primaryKey(sortKeyFields: ["row", "place"]) row: String! place: Int! }
  )");
  const auto refused = [&](const std::string& create) {
    const auto error = story.refusal("mutation { " + create + " { __typename } }");
    EXPECT_EQ(error["errorType"], Value("BadRequestException")) << create;
    return *error["message"].as_string();
  };
  EXPECT_EQ(refused(R"(createPost(input: {id: ""}))"), "Post: the key fields must not be empty.");
  EXPECT_EQ(refused(R"(createShift(input: {team: "a", day: ""}))"), "Shift: the key fields must not be empty.");
  EXPECT_EQ(refused(R"(createSeat(input: {venue: "", row: "A", place: 1}))"), "Seat: the key fields must not be empty.");
  story.get(R"(mutation { createSeat(input: {venue: "v", row: "", place: 1}) { row } })");
}

TEST(Create, OfALiveKeyIsRefusedWithTheStoredRecord) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  const auto error = story.refusal(create_post(R"(id: "1", title: "b")"));
  EXPECT_EQ(error["errorType"], Value("ConditionalCheckFailedException"));
  EXPECT_EQ(error["data"]["title"], Value("a"));
  EXPECT_EQ(error["data"]["_version"], Value(1));
  EXPECT_THAT(*error["message"].as_string(), HasSubstr("The conditional request failed (Service: DynamoDb, Status Code: 400"));
}

TEST(Create, RepeatedByAClientThatMissedTheReplyIsASuccess) {
  Story story(post_schema);
  const auto first = story.get(create_post(R"(id: "1", title: "a", tags: ["x"])"));
  story.clock.advance(Milliseconds(500));
  EXPECT_EQ(story.get(create_post(R"(id: "1", title: "a", tags: ["x"])")), first);
}

TEST(Create, OnATombstoneResurrects) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a", rating: 3)"));
  story.get(delete_post(R"(id: "1", _version: 1)"));
  const auto post = story.get(create_post(R"(id: "1", title: "b")"));
  EXPECT_EQ(post["_version"], Value(3));
  EXPECT_TRUE(post["_deleted"].is_null());
  EXPECT_TRUE(post["rating"].is_null());
}

TEST(Create, WithAConditionOnAnAbsentRecord) {
  Story story(post_schema);
  const auto error = story.refusal(
      R"(mutation { createPost(input: {id: "1", title: "a"}, condition: {rating: {gt: 1}}) { id } })");
  EXPECT_EQ(error["errorType"], Value("DynamoDB:ConditionalCheckFailedException"));
  EXPECT_TRUE(error["data"].is_null());
  story.get(R"(mutation { createPost(input: {id: "1", title: "a"}, condition: {rating: {attributeExists: false}}) { id } })");
}

TEST(Create, ChecksTheScalarsOfAppSync) {
  Story story("type Person @model { id: ID! mail: AWSEmail at: AWSDateTime meta: AWSJSON }");
  for (const char* input : {R"({"mail":"nobody"})", R"({"at":"yesterday"})", R"({"meta":"{"})"}) {
    const auto reply = story.ask("mutation ($input: CreatePersonInput!) { createPerson(input: $input) { id } }",
                                 R"({"input":)" + std::string(input) + "}");
    EXPECT_FALSE(reply["errors"].is_null()) << input;
  }
  story.get("mutation ($input: CreatePersonInput!) { createPerson(input: $input) { id } }",
            R"({"input":{"mail":"a@b.c","at":"2024-01-02T03:04:05Z","meta":"{\"a\":1}"}})");
}

TEST(Update, ChangesOnlyWhatWasGiven) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a", rating: 3)"));
  story.clock.advance(Milliseconds(1000));
  const auto post = story.get(update_post(R"(id: "1", rating: null, _version: 1)"));
  EXPECT_EQ(post["title"], Value("a"));
  EXPECT_TRUE(post["rating"].is_null());
  EXPECT_EQ(post["_version"], Value(2));
  EXPECT_EQ(post["createdAt"], Value("2026-11-21T07:00:00.000Z"));
  EXPECT_EQ(post["updatedAt"], Value("2026-11-21T07:00:01.000Z"));
}

TEST(Update, WithoutAChangeIsStillAWrite) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  EXPECT_EQ(story.get(update_post(R"(id: "1", title: "a", _version: 1)"))["_version"], Value(2));
}

TEST(Update, OfAnUnknownKeyIsRefusedWithoutData) {
  Story story(post_schema);
  const auto error = story.refusal(update_post(R"(id: "1", title: "a", _version: 1)"));
  EXPECT_EQ(error["errorType"], Value("ConditionalCheckFailedException"));
  EXPECT_TRUE(error["data"].is_null());
}

TEST(Update, OfATombstoneIsAConflictWithTheTombstone) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  story.get(delete_post(R"(id: "1", _version: 1)"));
  const auto error = story.refusal(update_post(R"(id: "1", title: "b", _version: 1)"));
  EXPECT_EQ(error["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(error["data"]["_deleted"], Value(true));
}

TEST(Update, ChecksTheVersionBeforeTheCondition) {
  Story story(post_schema, {.conflict = ConflictStrategy::optimistic});
  story.get(create_post(R"(id: "1", title: "a", rating: 1)"));
  story.get(update_post(R"(id: "1", title: "b", _version: 1)"));
  const auto conflict = story.refusal(update_post(R"(id: "1", title: "c", _version: 1)", "{rating: {gt: 5}}"));
  EXPECT_EQ(conflict["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(conflict["message"], Value("Conflict resolver rejects mutation."));
  EXPECT_EQ(conflict["data"]["_version"], Value(2));
  EXPECT_TRUE(conflict["errorInfo"].is_null());
  const auto failed = story.refusal(update_post(R"(id: "1", title: "c", _version: 2)", "{rating: {gt: 5}}"));
  EXPECT_EQ(failed["errorType"], Value("DynamoDB:ConditionalCheckFailedException"));
  EXPECT_EQ(failed["data"]["title"], Value("b"));
}

TEST(Update, ChecksTheConditionAgainstTheStoredRecordAfterAMerge) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a", rating: 1)"));
  story.get(update_post(R"(id: "1", title: "b", _version: 1)"));
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", rating: 9, _version: 1)", "{rating: {eq: 9}}"))["errorType"],
            Value("DynamoDB:ConditionalCheckFailedException"));
  const auto merged = story.get(update_post(R"(id: "1", rating: 9, _version: 1)", "{rating: {eq: 1}}"));
  EXPECT_EQ(merged["title"], Value("b"));
  EXPECT_EQ(merged["rating"], Value(9));
  EXPECT_EQ(merged["_version"], Value(3));
}

TEST(Update, RefusesNullForARequiredField) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  const auto error = story.refusal(update_post(R"(id: "1", title: null, _version: 1)"));
  EXPECT_EQ(error["message"], Value("Variable 'title' has coerced Null value for NonNull type 'String!'"));
  EXPECT_EQ(error["data"]["title"], Value("a"));
}

TEST(Update, WithoutAVersionIsAConflict) {
  Story story(post_schema, {.conflict = ConflictStrategy::optimistic});
  story.get(create_post(R"(id: "1", title: "a")"));
  EXPECT_EQ(story.refusal(update_post(R"(id: "1", title: "b")"))["errorType"], Value("ConflictUnhandled"));
}

TEST(Delete, LeavesATombstoneWithAllFields) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a", rating: 3)"));
  const auto post = story.get(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_EQ(post["title"], Value("a"));
  EXPECT_EQ(post["rating"], Value(3));
  EXPECT_EQ(post["_deleted"], Value(true));
  EXPECT_EQ(post["_version"], Value(2));
  EXPECT_EQ(story.get(delete_post(R"(id: "1", _version: 2)"))["_version"], Value(3));
  EXPECT_EQ(story.refusal(delete_post(R"(id: "1", _version: 1)"))["errorType"], Value("ConflictUnhandled"));
}

TEST(Delete, OfAnOlderVersionIsRefused) {
  Story story(post_schema);
  story.get(create_post(R"(id: "1", title: "a")"));
  story.get(update_post(R"(id: "1", title: "b", _version: 1)"));
  const auto error = story.refusal(delete_post(R"(id: "1", _version: 1)"));
  EXPECT_EQ(error["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(error["data"]["title"], Value("b"));
}

TEST(MutationId, IsWrittenOnce) {
  Story story(post_schema);
  const Headers named{{"x-holdfast-mutation", "m-1"}};
  story.get(create_post(R"(id: "1", title: "a", rating: 0)"));
  const auto first = story.ask(update_post(R"(id: "1", title: "b", _version: 1)"), "{}", named);
  const auto again = story.ask(update_post(R"(id: "1", title: "b", _version: 1)"), "{}", named);
  EXPECT_EQ(first, again);
  EXPECT_EQ(again["data"]["updatePost"]["_version"], Value(2));
}

TEST(MutationId, NamesEachMutationOfARequest) {
  Story story(post_schema);
  const Headers named{{"x-holdfast-mutation", "m-1"}};
  const std::string both =
      R"(mutation { a: createPost(input: {id: "1", title: "a"}) { id } b: createPost(input: {id: "2", title: "b"}) { id } })";
  EXPECT_EQ(text(story.ask(both, "{}", named)), R"({"data":{"a":{"id":"1"},"b":{"id":"2"}}})");
  EXPECT_EQ(text(story.ask(both, "{}", named)), R"({"data":{"a":{"id":"1"},"b":{"id":"2"}}})");
}

TEST(MutationId, OfAnotherRecordIsRefused) {
  Story story(post_schema);
  const Headers named{{"x-holdfast-mutation", "m-1"}};
  story.ask(create_post(R"(id: "1", title: "a")"), "{}", named);
  const auto reply = story.ask(create_post(R"(id: "2", title: "b")"), "{}", named);
  EXPECT_TRUE(reply["data"]["createPost"].is_null());
}

TEST(Unversioned, TheLastWriteWinsAndDeletesAreFinal) {
  Story story(post_schema, {.conflict = ConflictStrategy::none});
  const std::string fields = "{ id title }";
  story.get(R"(mutation { createPost(input: {id: "1", title: "a"}) )" + fields + "}");
  story.get(R"(mutation { updatePost(input: {id: "1", title: "b"}) )" + fields + "}");
  EXPECT_EQ(story.get(R"(mutation { updatePost(input: {id: "1", title: "c"}) )" + fields + "}")["title"], Value("c"));
  story.get(R"(mutation { deletePost(input: {id: "1"}) )" + fields + "}");
  EXPECT_TRUE(story.get(R"({ getPost(id: "1") { id } })").is_null());
  EXPECT_EQ(text(story.get("{ listPosts { items { id } nextToken } }")), R"({"items":[],"nextToken":null})");
  story.get(R"(mutation { createPost(input: {id: "1", title: "again"}) { id } })");
}

// As the published resolvers answer where there are no versions: DynamoDB's word for all three, without the record.
TEST(Unversioned, WhatCanNotBeWrittenIsRefusedInOneWay) {
  Story story(post_schema, {.conflict = ConflictStrategy::none});
  story.get(R"(mutation { createPost(input: {id: "1", title: "a"}) { id } })");
  for (const auto* mutation : {R"(mutation { createPost(input: {id: "1", title: "b"}) { id } })",
                               R"(mutation { deletePost(input: {id: "2"}) { id } })",
                               R"(mutation { updatePost(input: {id: "1"}, condition: {title: {eq: "b"}}) { id } })"}) {
    const auto error = story.refusal(mutation);
    EXPECT_EQ(error["errorType"], Value("DynamoDB:ConditionalCheckFailedException")) << mutation;
    EXPECT_TRUE(error["data"].is_null()) << mutation;
  }
}

}  // namespace
}  // namespace holdfast::server
