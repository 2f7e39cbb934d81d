// Which requests are answered where they were read, and which are work for a thread that may block (decision 0023).
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::FakeFunctions;
using testing::Ground;
using testing::Story;

constexpr const char* note_schema = "type Note @model { id: ID! text: String }";
constexpr const char* create_note = R"(mutation { createNote(input: {id: "1", text: "a"}) { id text _version createdAt } })";
constexpr const char* get_note = R"({ getNote(id: "1") { id text _version } })";

/// A POST of the document, with the key that the stories here have.
HttpRequest post(const std::string& query) {
  return {.target = "/graphql", .headers = {{"x-api-key", "k"}}, .body = json::write(Value(Object{{"query", query}}))};
}

/// What an answer is, in one text.
std::string told(const HttpResponse& response) { return std::to_string(response.status) + " " + response.body; }

/// `told` of an answer that is given at once; otherwise says so.
std::string at_once(Story& story, HttpRequest request) {
  const auto begun = story.server->begin(std::move(request));
  const auto* response = std::get_if<HttpResponse>(&begun);
  return response == nullptr ? "is work" : told(*response);
}

/// `told` of what a request's work gives, which needs no others beside it; otherwise says so.
std::string by_work(Story& story, HttpRequest request) {
  const auto begun = story.server->begin(std::move(request));
  const auto* work = std::get_if<HttpWork>(&begun);
  return work == nullptr ? "is answered at once" : told((*work)());
}

std::string by_respond(Story& story, const HttpRequest& request) { return told(story.server->respond(request)); }

const ServerOptions keyed{.api_key = "k", .page_rows_max = 100'000};

TEST(Begin, AnswersASmallQueryAtOnce) {
  Story story(note_schema, keyed);
  by_respond(story, post(create_note));
  EXPECT_EQ(at_once(story, post(get_note)), R"(200 {"data":{"getNote":{"id":"1","text":"a","_version":1}}})");
  EXPECT_EQ(at_once(story, {.method = "GET", .target = "/graphql?query=%7B__typename%7D", .headers = {{"x-api-key", "k"}}}),
            R"(200 {"data":{"__typename":"Query"}})");
}

TEST(Begin, LeavesAMutationToBeDoneWithOthersAndWritesNothingBefore) {
  Story story(note_schema, keyed);
  const auto begun = story.server->begin(post(create_note));
  const auto* work = std::get_if<std::unique_ptr<JointWork>>(&begun);
  ASSERT_NE(work, nullptr);
  EXPECT_EQ(at_once(story, post(get_note)), R"(200 {"data":{"getNote":null}})");
  const auto kept = story.server->finish(std::vector{work->get()});
  const auto done = told((*work)->answer(kept.front()));
  EXPECT_EQ(at_once(story, post(get_note)), R"(200 {"data":{"getNote":{"id":"1","text":"a","_version":1}}})");
  // A story's clock and randomness are those of every other, and so are its answers.
  Story same(note_schema, keyed);
  EXPECT_EQ(done, by_respond(same, post(create_note)));
}

TEST(Begin, LeavesAQueryOfMoreThan20000FieldsToBeDone) {
  Story story(note_schema, keyed);
  by_respond(story, post(create_note));
  // The list, and 9,999 times its items with their id.
  const std::string cost_19_999 = "a: listNotes(limit: 9999) { items { id } }";
  const auto cost_20_000 = post("{ " + cost_19_999 + " b: __typename }");
  EXPECT_EQ(at_once(story, cost_20_000), R"(200 {"data":{"a":{"items":[{"id":"1"}]},"b":"Query"}})");
  const auto cost_20_001 = post("{ " + cost_19_999 + " b: __typename c: __typename }");
  EXPECT_EQ(at_once(story, cost_20_001), "is work");
  EXPECT_EQ(by_work(story, cost_20_001), by_respond(story, cost_20_001));
  EXPECT_EQ(by_respond(story, cost_20_001), R"(200 {"data":{"a":{"items":[{"id":"1"}]},"b":"Query","c":"Query"}})");
}

TEST(Begin, CountsARowsLimitByItsVariable) {
  Story story(note_schema, keyed);
  const auto listing = [](int limit) {
    const Object body{{"query", "query ($limit: Int) { listNotes(limit: $limit) { items { id } } }"},
                      {"variables", Object{{"limit", limit}}}};
    return HttpRequest{.target = "/graphql", .headers = {{"x-api-key", "k"}}, .body = json::write(Value(body))};
  };
  EXPECT_EQ(at_once(story, listing(9'999)), R"(200 {"data":{"listNotes":{"items":[]}}})");
  EXPECT_EQ(at_once(story, listing(10'000)), "is work");
}

TEST(Begin, LeavesEveryDocumentToBeDoneWhereFieldsCallFunctions) {
  FakeFunctions functions(R"("hello")");
  Story story(std::string(note_schema) + R"( type Query { greet: String @function(name: "greet") })", keyed,
              Ground{.functions = &functions});
  const auto greet = post("{ greet }");
  EXPECT_EQ(at_once(story, greet), "is work");
  EXPECT_TRUE(functions.events.empty()) << "nothing is called before the work is done";
  EXPECT_EQ(by_work(story, greet), R"(200 {"data":{"greet":"hello"}})");
  EXPECT_EQ(by_respond(story, greet), R"(200 {"data":{"greet":"hello"}})");
  EXPECT_EQ(at_once(story, post(get_note)), "is work") << "though it names none of them";
  EXPECT_EQ(by_work(story, post(get_note)), by_respond(story, post(get_note)));
}

TEST(Begin, RefusesAtOnce) {
  Story story(note_schema, keyed);
  auto keyless = post(create_note);
  keyless.headers = {{"x-api-key", "wrong"}};
  const std::vector<std::pair<HttpRequest, int>> refused = {
      {keyless, 401},
      {post("mutation { createNote("), 400},                            // Not GraphQL.
      {post("mutation { createNothing { id } }"), 200},                 // Not for this API: errors without data.
      {{.target = "/graphql", .headers = {{"x-api-key", "k"}}, .body = "{"}, 400},
      {post("subscription { onCreateNote { id } }"), 400},
      {{.method = "GET", .target = "/graphql?query=mutation%7BdeleteNote(input%3A%7Bid%3A1%7D)%7Bid%7D%7D",
        .headers = {{"x-api-key", "k"}}}, 405},
      {{.target = "/elsewhere"}, 404},
      {{.method = "PUT", .target = "/graphql"}, 405},
      {{.method = "OPTIONS", .target = "/graphql"}, 204}};
  for (const auto& [request, status] : refused) {
    const auto answer = at_once(story, request);
    EXPECT_EQ(answer.substr(0, 4), std::to_string(status) + " ") << request.body << request.target;
    EXPECT_EQ(answer, by_respond(story, request));
  }
}

}  // namespace
}  // namespace holdfast::server
