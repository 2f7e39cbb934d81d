// Mutations that are finished together: what each of them sees, and what becomes of those that fail.
#include "server/job.h"

#include <gmock/gmock.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::Story;
using ::testing::HasSubstr;

constexpr const char* note_schema = R"(
  type Note @model { id: ID! text: String rating: Int links: [Link] @hasMany }
  type Link @model { id: ID! to: String note: Note @belongsTo }
)";

std::unique_ptr<Store> shared_memory(const Schema& schema, Clock& clock) {
  return open_sqlite_store(schema, clock, "file:/jobs?vfs=memdb").value();
}

Story story_with(std::unique_ptr<Store> (*make_store)(const Schema&, Clock&), ServerOptions options = {}) {
  return Story(note_schema, std::move(options), {.make_store = make_store});
}

HttpRequest request_of(const std::string& query, Headers headers = {}) {
  const Object body{{"query", query}};
  return {.method = "POST", .target = "/graphql", .headers = std::move(headers), .body = json::write(Value(body))};
}

/// Begins each, finishes all in one, and gives their bodies.
std::vector<std::string> answers_of(Story& story, std::vector<HttpRequest> requests) {
  std::vector<std::unique_ptr<JointWork>> works;
  std::vector<JointWork*> all;
  for (auto& request : requests) {
    auto begun = story.server->begin(std::move(request));
    works.push_back(std::move(std::get<std::unique_ptr<JointWork>>(begun)));
    all.push_back(works.back().get());
  }
  const auto kept = story.server->finish(all);
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < works.size(); ++at) bodies.push_back(works[at]->answer(kept[at]).body);
  return bodies;
}

TEST(Jobs, MutationsOfOneRecordSeeEachOther) {
  auto story = story_with(shared_memory);
  const auto bodies = answers_of(
      story, {request_of(R"(mutation { createNote(input: {id: "1", text: "a"}) { _version } })"),
              request_of(R"(mutation { updateNote(input: {id: "1", rating: 5, _version: 1}) { text rating _version } })"),
              request_of(R"(mutation { updateNote(input: {id: "1", text: "b", _version: 1}) { text rating _version } })"),
              request_of(R"(mutation { updateNote(input: {id: "1", text: "c", _version: 3}, condition: {rating: {gt: 9}}) { id } })"),
              request_of(R"(mutation { createLink(input: {id: "l", noteLinksId: "1"}) { note { text links { items { id } } } } })")});
  EXPECT_EQ(bodies[0], R"({"data":{"createNote":{"_version":1}}})");
  EXPECT_EQ(bodies[1], R"({"data":{"updateNote":{"text":"a","rating":5,"_version":2}}})");
  EXPECT_EQ(bodies[2], R"({"data":{"updateNote":{"text":"b","rating":5,"_version":3}}})");  // Automerge.
  EXPECT_THAT(bodies[3], HasSubstr("ConditionalCheckFailed"));
  EXPECT_EQ(bodies[4], R"({"data":{"createLink":{"note":{"text":"b","links":{"items":[{"id":"l"}]}}}}})");
  EXPECT_EQ(story.store->conflicts({}).value().size(), 1U);
  EXPECT_EQ(testing::text(story.get(R"({ getNote(id: "1") { text _version } })")), R"({"text":"b","_version":3})");
}

TEST(Jobs, AMutationThatIsSentTwiceAtOnceIsDoneOnce) {
  auto story = story_with(shared_memory);
  const auto create = request_of("mutation { createNote(input: {text: \"a\"}) { id _version } }",
                                 {{"x-holdfast-mutation", "m1"}});
  const auto bodies = answers_of(story, {create, create});
  EXPECT_EQ(bodies[0], bodies[1]);
  EXPECT_EQ(testing::text(story.get("{ listNotes { items { text } } }")), R"({"items":[{"text":"a"}]})");
}

TEST(Jobs, SubscribersHearBeforeAnybodyIsAnswered) {
  auto story = story_with(shared_memory);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onCreateNote { id } }");
  connection.peer->take();
  const auto kept = answers_of(story, {request_of(R"(mutation { createNote(input: {id: "1"}) { id } })"),
                                       request_of(R"(mutation { createNote(input: {id: "2"}) { id } })")});
  const auto frames = connection.peer->take();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_THAT(frames[0], HasSubstr(R"("id":"1")"));
  EXPECT_THAT(frames[1], HasSubstr(R"("id":"2")"));
}

TEST(Jobs, WhatTheStoreDidNotKeepIs500) {
  auto story = story_with(shared_memory);
  auto begun = story.server->begin(request_of(R"(mutation { createNote(input: {id: "1"}) { id } })"));
  auto& work = *std::get<std::unique_ptr<JointWork>>(begun);
  work.run();
  const auto answer = work.answer(Error{Code::disk_full, "full"});
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("InternalFailure"));
}

TEST(Jobs, OnlyWhatNothingButTheDiskHoldsUpIsFinishedTogether) {
  auto story = story_with(memory_store);
  EXPECT_TRUE(std::holds_alternative<HttpResponse>(story.server->begin(request_of("{ listNotes { items { id } } }"))));
  std::string large = "mutation { createNote(input: {id: \"1\"}) {";
  for (int at = 0; at < 60; ++at) large += " l" + std::to_string(at) + ": links { items { id } }";
  EXPECT_TRUE(std::holds_alternative<HttpWork>(story.server->begin(request_of(large + " } }"))));

  testing::FakeFunctions functions("null");
  Story custom(note_schema, {.conflict = ConflictStrategy::custom, .conflict_function = "f"}, {.functions = &functions});
  EXPECT_TRUE(std::holds_alternative<HttpWork>(
      custom.server->begin(request_of("mutation { createNote(input: {id: \"1\"}) { id } }"))));
}

}  // namespace
}  // namespace holdfast::server
