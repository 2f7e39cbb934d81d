// Custom conflict handlers: what they are told, and what becomes of what they say (spec/conflict.md §4.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::FakeFunctions;
using testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* post_schema =
    "type Stats { likes: Int } type Post @model { id: ID! title: String! rating: Int at: AWSDateTime stats: Stats } "
    "type Note @model { id: ID! text: String }";
const std::string all = "{ id title rating createdAt updatedAt _version _deleted }";

ServerOptions asking() {
  ServerOptions options;
  options.conflict = ConflictStrategy::custom;
  options.conflict_function = "settle";
  return options;
}

/// A post at version 2, {title: "b", rating: 1}, which was {title: "a", rating: 1} at version 1.
class HandlerStory : public Story {
 public:
  explicit HandlerStory(FakeFunctions& functions) : Story(post_schema, asking(), {.functions = &functions}) {
    get(R"(mutation { createPost(input: {id: "1", title: "a", rating: 1}) )" + all + "}");
    get(R"(mutation { updatePost(input: {id: "1", title: "b", _version: 1}) )" + all + "}");
    clock.advance(Milliseconds(5000));
  }
  std::string stale_update(const std::string& more = "") const {
    return R"(mutation { updatePost(input: {id: "1", title: "c", _version: 1})" + more + ") " + all + "}";
  }
  std::string stale_delete() const { return R"(mutation { deletePost(input: {id: "1", _version: 1}) )" + all + "}"; }
  Value stored() { return get(R"({ getPost(id: "1") )" + all + "}"); }
};

TEST(ConflictHandler, IsToldWhatALambdaIsTold) {
  FakeFunctions functions(R"({"action":"REJECT"})");
  HandlerStory story(functions);
  story.refusal(story.stale_update(", condition: {rating: {gt: 0}}"));
  EXPECT_THAT(functions.names, ElementsAre("settle"));
  EXPECT_EQ(testing::text(functions.events.at(0)),
            R"({"newItem":{"__typename":"Post","id":"1","title":"c","rating":1,"createdAt":"2026-11-21T07:00:00.000Z",)"
            R"("updatedAt":"2026-11-21T07:00:05.000Z"},)"
            R"("existingItem":{"__typename":"Post","id":"1","title":"b","rating":1,"createdAt":"2026-11-21T07:00:00.000Z",)"
            R"("updatedAt":"2026-11-21T07:00:00.000Z","_version":2,"_lastChangedAt":1795244400001},)"
            R"("arguments":{"input":{"id":"1","title":"c","_version":1},"condition":{"rating":{"gt":0}}},)"
            R"("resolver":{"tableName":"Post","awsRegion":"us-east-1","parentType":"Mutation","field":"updatePost",)"
            R"("outputType":"Post"},"identity":null})");
}

TEST(ConflictHandler, IsToldOfADeleteByTheTombstoneThatItWouldLeave) {
  FakeFunctions functions(R"({"action":"REJECT"})");
  HandlerStory story(functions);
  EXPECT_EQ(story.refusal(story.stale_delete())["errorType"], Value("ConflictUnhandled"));
  const auto& event = functions.events.at(0);
  EXPECT_EQ(event["newItem"]["_deleted"], Value(true));
  EXPECT_EQ(event["newItem"]["title"], Value("b"));
  EXPECT_TRUE(event["existingItem"]["_deleted"].is_null());
  EXPECT_EQ(event["resolver"]["field"], Value("deletePost"));
}

TEST(ConflictHandler, ResolvesWithARecordThatReplacesTheStoredOne) {
  // The key and the metadata of the item count for nothing; what it leaves out is gone, except what must not be.
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"id":"9","title":"both","_version":99,"_deleted":true,"__typename":"X"}})");
  HandlerStory story(functions);
  const auto post = story.get(story.stale_update());
  EXPECT_EQ(testing::text(post),
            R"({"id":"1","title":"both","rating":null,"createdAt":"2026-11-21T07:00:00.000Z",)"
            R"("updatedAt":"2026-11-21T07:00:05.000Z","_version":3,"_deleted":null})");
  EXPECT_EQ(story.stored(), post);
}

TEST(ConflictHandler, MayGiveBackEitherSide) {
  for (const char* side : {"newItem", "existingItem"}) {
    FakeFunctions functions([side](const Value& event) { return Value(Object{{"action", "RESOLVE"}, {"item", event[side]}}); });
    HandlerStory story(functions);
    EXPECT_EQ(story.get(story.stale_update())["title"], Value(side == std::string("newItem") ? "c" : "b"));
    EXPECT_EQ(story.stored()["_version"], Value(3));
  }
}

TEST(ConflictHandler, RemovesOnADelete) {
  FakeFunctions functions(R"({"action":"REMOVE"})");
  HandlerStory story(functions);
  const auto post = story.get(story.stale_delete());
  EXPECT_EQ(post["_deleted"], Value(true));
  EXPECT_EQ(post["title"], Value("b"));
  EXPECT_EQ(post["_version"], Value(3));
}

TEST(ConflictHandler, RejectsWithTheStoredRecord) {
  FakeFunctions functions(R"({"action":"REJECT"})");
  HandlerStory story(functions);
  const auto error = story.refusal(story.stale_update());
  EXPECT_EQ(error["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(error["message"], Value("Conflict resolver rejects mutation."));
  EXPECT_EQ(error["data"]["title"], Value("b"));
  EXPECT_EQ(story.stored()["_version"], Value(2));
}

TEST(ConflictHandler, IsNotAskedWithoutAConflict) {
  FakeFunctions functions(R"({"action":"REJECT"})");
  HandlerStory story(functions);
  story.get(R"(mutation { updatePost(input: {id: "1", title: "c", _version: 2}) { id } })");
  story.get(R"(mutation { deletePost(input: {id: "1", _version: 3}) { id } })");
  EXPECT_TRUE(functions.events.empty());
}

TEST(ConflictHandler, IsAskedAboutMutationsWithoutAVersion) {
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"title":"mine"}})");
  HandlerStory story(functions);
  EXPECT_EQ(story.get(R"(mutation { updatePost(input: {id: "1", title: "c"}) { title } })")["title"], Value("mine"));
}

TEST(ConflictHandler, MayBringBackADeletedRecord) {
  FakeFunctions functions([](const Value& event) {
    EXPECT_EQ(event["existingItem"]["_deleted"], Value(true));
    return Value(Object{{"action", "RESOLVE"}, {"item", event["newItem"]}});
  });
  HandlerStory story(functions);
  story.get(R"(mutation { deletePost(input: {id: "1", _version: 2}) { id } })");
  const auto post = story.get(story.stale_update());
  EXPECT_EQ(post["title"], Value("c"));
  EXPECT_TRUE(post["_deleted"].is_null());
  EXPECT_EQ(post["_version"], Value(4));
}

TEST(ConflictHandler, ChecksTheConditionAgainstTheStoredRecord) {
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"title":"c","rating":9}})");
  HandlerStory story(functions);
  EXPECT_EQ(story.refusal(story.stale_update(", condition: {rating: {eq: 9}}"))["errorType"],
            Value("DynamoDB:ConditionalCheckFailedException"));
  EXPECT_EQ(story.get(story.stale_update(", condition: {rating: {eq: 1}}"))["rating"], Value(9));
}

TEST(ConflictHandler, WhoseAnswerCannotBeUsedWritesNothing) {
  const std::vector<std::string> answers{
      "null", "[]", R"("RESOLVE")", "{}", R"({"action":1})", R"({"action":"resolve","item":{}})", R"({"action":"MERGE"})",
      R"({"action":"RESOLVE"})", R"({"action":"RESOLVE","item":null})", R"({"action":"RESOLVE","item":[1]})",
      R"({"action":"REMOVE"})", R"({"action":"RESOLVE","item":{"title":null}})",
      R"({"action":"RESOLVE","item":{"title":5}})", R"({"action":"RESOLVE","item":{"rating":"x"}})",
      R"({"action":"RESOLVE","item":{"rating":2147483648}})",
      R"({"action":"RESOLVE","item":{"at":"yesterday"}})", R"({"action":"RESOLVE","item":{"stats":{"likes":"x"}}})"};
  for (const auto& answer : answers) {
    FakeFunctions functions(answer);
    HandlerStory story(functions);
    const auto error = story.refusal(story.stale_update());
    EXPECT_EQ(error["errorType"], Value("ConflictError")) << answer;
    EXPECT_EQ(error["message"], Value("The conflict handler's answer cannot be used.")) << answer;
    EXPECT_EQ(error["data"]["title"], Value("b")) << answer;
    EXPECT_EQ(story.stored()["_version"], Value(2)) << answer;
  }
}

TEST(ConflictHandler, MayNotResolveADelete) {
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"title":"x"}})");
  HandlerStory story(functions);
  EXPECT_EQ(story.refusal(story.stale_delete())["errorType"], Value("ConflictError"));
  EXPECT_TRUE(story.stored()["_deleted"].is_null());
}

TEST(ConflictHandler, ThatFailsGivesConflictErrorWithoutItsSecrets) {
  const std::vector<std::pair<Code, std::string>> failures{
      {Code::timed_out, "The conflict handler did not answer in time."}, {Code::rejected, "The conflict handler failed."},
      {Code::malformed, "The conflict handler's answer cannot be used."}, {Code::not_found, "The conflict handler cannot be called."},
      {Code::unavailable, "The conflict handler cannot be called."}};
  for (const auto& [code, message] : failures) {
    FakeFunctions functions([code = code](const Value&) { return Error{code, "http://inside:1/secret"}; });
    HandlerStory story(functions);
    const auto error = story.refusal(story.stale_update());
    EXPECT_EQ(error["errorType"], Value("ConflictError"));
    EXPECT_EQ(error["message"], Value(message));
    EXPECT_THAT(testing::text(error), Not(HasSubstr("secret")));
    EXPECT_EQ(story.store->conflicts({}).value().at(0).message, "http://inside:1/secret");
  }
}

// The record moves on while the handler thinks.

TEST(ConflictHandler, IsAskedAgainWithTheNewerRecord) {
  HandlerStory* here = nullptr;
  FakeFunctions functions([&](const Value& event) {
    if (event["existingItem"]["_version"] == Value(2)) {
      here->get(R"(mutation { updatePost(input: {id: "1", title: "theirs", _version: 2}) { id } })");
    }
    return Value(Object{{"action", "RESOLVE"}, {"item", Object{{"title", *event["existingItem"]["title"].as_string() + "+c"}}}});
  });
  HandlerStory story(functions);
  here = &story;
  const auto post = story.get(story.stale_update());
  EXPECT_EQ(post["title"], Value("theirs+c"));
  EXPECT_EQ(post["_version"], Value(4));
  EXPECT_EQ(functions.events.size(), 2U);
}

std::string overtake(const Value& event) {
  return R"(mutation { updatePost(input: {id: "1", title: "theirs", _version: )" +
         testing::text(event["existingItem"]["_version"]) + "}) { id } }";
}

TEST(ConflictHandler, GivesUpAfterTenTimes) {
  HandlerStory* here = nullptr;
  FakeFunctions functions([&](const Value& event) {
    here->get(overtake(event));
    return Value(Object{{"action", "RESOLVE"}, {"item", Object{{"title", "mine"}}}});
  });
  HandlerStory story(functions);
  here = &story;
  const auto error = story.refusal(story.stale_update());
  EXPECT_EQ(error["errorType"], Value("MaxConflicts"));
  EXPECT_EQ(error["data"]["title"], Value("theirs"));
  EXPECT_EQ(functions.events.size(), 10U);
}

TEST(ConflictHandler, GivesUpWhenItsTimeIsOver) {
  HandlerStory* here = nullptr;
  FakeFunctions functions([&](const Value& event) {
    here->get(overtake(event));
    here->clock.advance(Milliseconds(16'000));
    return Value(Object{{"action", "RESOLVE"}, {"item", Object{{"title", "mine"}}}});
  });
  HandlerStory story(functions);
  here = &story;
  EXPECT_EQ(story.refusal(story.stale_update())["errorType"], Value("MaxConflicts"));
  EXPECT_EQ(functions.events.size(), 2U) << "at 0 s and 16 s; 32 s is beyond the 30 s";
}

TEST(ConflictHandler, RepeatedMutationIsAnsweredWithoutAskingAgain) {
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"title":"both"}})");
  HandlerStory story(functions);
  const Headers named{{"x-holdfast-mutation", "m-1"}};
  const auto first = story.ask(story.stale_update(), "{}", named);
  EXPECT_EQ(story.ask(story.stale_update(), "{}", named), first);
  EXPECT_EQ(functions.events.size(), 1U);
}

// Rules of single models.

TEST(ConflictRule, OfAModelStandsBeforeTheProjects) {
  FakeFunctions functions(R"({"action":"RESOLVE","item":{"text":"handled"}})");
  ServerOptions options;
  options.conflict = ConflictStrategy::optimistic;
  options.model_conflicts["Note"] = {ConflictStrategy::custom, "notes"};
  Story story(post_schema, options, {.functions = &functions});
  story.get(R"(mutation { createPost(input: {id: "1", title: "a"}) { id } })");
  story.get(R"(mutation { createNote(input: {id: "1", text: "a"}) { id } })");
  EXPECT_EQ(story.refusal(R"(mutation { updatePost(input: {id: "1", title: "b"}) { id } })")["errorType"], Value("ConflictUnhandled"));
  EXPECT_EQ(story.get(R"(mutation { updateNote(input: {id: "1", text: "b"}) { text } })")["text"], Value("handled"));
  EXPECT_THAT(functions.names, ElementsAre("notes"));
}

TEST(ConflictRule, ThatCannotHoldIsToldAtTheStart) {
  const auto reading = testing::reading_of(post_schema);
  testing::HandClock clock;
  testing::CountedRandom random;
  const auto store = memory_store(reading.schema, clock);
  const auto made = Server::make({reading.schema, api::document(reading, {.is_versioned = true}), *store, clock, random, silent_log()},
                                 asking());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("the function settle cannot be called: this backend has no functions"));
}

}  // namespace
}  // namespace holdfast::server
