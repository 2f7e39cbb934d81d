// What services get is what the published HTTP transformer's templates send, and what becomes of their answers.
#include <gtest/gtest.h>

#include "server/resolve/custom.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;
using testing::text;

/// Answers at once, which a Transport does later: enough for who waits.
class FakeTransport final : public Transport {
 public:
  void exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) override {
    requests.push_back(std::move(request));
    timeouts.push_back(timeout);
    done(reply);
  }
  std::unique_ptr<Socket> open_socket(SocketRequest /*request*/, SocketEvents /*events*/) override { return nullptr; }

  Result<HttpResponse> reply = HttpResponse{.body = R"("answer")"};
  std::vector<HttpRequest> requests;
  std::vector<Milliseconds> timeouts;
};

constexpr const char* schema = R"(
type Post @model { id: ID! note(n: Int): String @http(url: "https://x.example/notes/:id") }
type Query {
  search(id: ID!, n: Int!, tags: [String], on: Boolean): String
    @http(url: "https://${env}.x.example:81/${aws_region}/:id?by=:author", headers: [{key: "x-stage", value: "${env}"}])
  bare: Plain @http(url: "http://x.example")
}
type Mutation {
  put(id: ID!, n: Int!, j: AWSJSON): String @http(method: PUT, url: "http://x.example/:id")
  drop(id: ID!, n: Int): String @http(method: DELETE, url: "http://x.example/:id")
}
type Plain { a: Int })";

struct HttpStory {
  explicit HttpStory(ServerOptions options = {}) : story(schema, std::move(options), {.http = &transport}) {}
  FakeTransport transport;
  Story story;
};

TEST(HttpFields, SendPathQueryAndHeadersAsTheTemplate) {
  HttpStory here;
  const Headers headers{{"Authorization", "me"}, {"Host", "evil"}, {"content-length", "3"}, {"X-Stage", "mine"}};
  const auto reply = here.story.ask(
      R"({ search(params: {id: "a/b ü", author: "x&y"}, query: {n: 1, tags: ["a", "b c"], on: true}) })", "{}", headers);
  EXPECT_EQ(text(reply), R"({"data":{"search":"answer"}})");
  ASSERT_EQ(here.transport.requests.size(), 1U);
  const auto& request = here.transport.requests.front();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target,
            "https://NONE.x.example:81/us-east-1/a%2Fb%20%C3%BC?by=x%26y&n=1&tags=a&tags=b%20c&on=true");
  EXPECT_EQ(request.headers, (Headers{{"Authorization", "me"}, {"accept-encoding", "application/json"}, {"x-stage", "NONE"}}));
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(here.transport.timeouts.front(), custom_time_max);
}

TEST(HttpFields, HaveNoMoreTimeThanTheRequest) {
  HttpStory here({.limits = {.time_max = Milliseconds(5'000)}});
  here.story.get(R"({ search(params: {id: "1", author: "a"}, query: {n: 1}) })");
  EXPECT_EQ(here.transport.timeouts.front(), Milliseconds(5'000));
}

TEST(HttpFields, PutTheBodyAndDeleteWithoutOne) {
  HttpStory here;
  here.story.get(R"(mutation { put(params: {id: "1"}, body: {n: 2, j: "{\"a\":[true]}"}) })");
  EXPECT_EQ(here.transport.requests.back().method, "PUT");
  EXPECT_EQ(here.transport.requests.back().target, "http://x.example/1");
  EXPECT_EQ(here.transport.requests.back().body, R"({"n":2,"j":{"a":[true]}})");
  EXPECT_EQ(*header(here.transport.requests.back().headers, "content-type"), "application/json");
  here.story.get(R"(mutation { drop(params: {id: "1"}, query: {n: 2}) })");
  EXPECT_EQ(here.transport.requests.back().method, "DELETE");
  EXPECT_EQ(here.transport.requests.back().target, "http://x.example/1");
}

TEST(HttpFields, InsistOnWhatTheSchemaRequiresInQueryOrBody) {
  HttpStory here;
  const auto error = here.story.refusal(R"(mutation { put(params: {id: "1"}, body: {j: "1"}) })");
  EXPECT_EQ(error["message"],
            Value("An argument you marked as Non-Null is not present in the query nor the body of your request."));
  EXPECT_TRUE(here.transport.requests.empty());
  here.story.get(R"(mutation { put(params: {id: "1"}, query: {n: 3}) })");
  EXPECT_EQ(here.transport.requests.back().target, "http://x.example/1?n=3");
  EXPECT_EQ(here.transport.requests.back().body, "");
}

TEST(HttpFields, DoNotLeaveTheirPath) {
  HttpStory here;
  const auto error = here.story.refusal(R"(mutation { drop(params: {id: ".."}) })");
  EXPECT_EQ(error["errorType"], Value("BadRequestException"));
  EXPECT_TRUE(here.transport.requests.empty());
}

TEST(HttpFields, AnswerWithJsonAndTellTheStatusOtherwise) {
  HttpStory here;
  const auto refusal = [&](int status, std::string body, const char* query) {
    here.transport.reply = HttpResponse{.status = status, .body = std::move(body)};
    const auto error = here.story.refusal(query);
    return text(error["errorType"]) + " " + *error["message"].as_string();
  };
  constexpr const char* get = "{ bare { a } }";
  constexpr const char* put = R"(mutation { put(params: {id: "1"}, body: {n: 2}) })";
  EXPECT_EQ(refusal(404, "not here", get), R"("404" not here)");
  EXPECT_EQ(refusal(201, "made", get), R"("201" made)");
  EXPECT_EQ(refusal(500, "broken", put), R"("500" broken)");
  EXPECT_EQ(refusal(200, "<a/>", get), R"("MappingTemplate" What http://x.example answered for Query.bare is not JSON.)");
  EXPECT_EQ(refusal(200, "3", get),
            R"("MappingTemplate" Query.bare is of the type Plain, but what answers it gave something that is no object.)");
  here.transport.reply = HttpResponse{.status = 201, .body = R"("made")"};
  EXPECT_EQ(here.story.get(put), Value("made"));
  here.transport.reply = HttpResponse{.body = R"({"a":4,"b":5})"};
  EXPECT_EQ(text(here.story.get(get)), R"({"a":4})");
  EXPECT_EQ(here.transport.requests.back().target, "http://x.example/");
  here.transport.reply = HttpResponse{.body = ""};
  EXPECT_TRUE(here.story.get(get).is_null());
}

TEST(HttpFields, AnswerWithXmlWhereItsTypeSaysSo) {
  HttpStory here;
  here.transport.reply = HttpResponse{.headers = {{"content-TYPE", "Application/Soap+XML; charset=utf-8"}}, .body = "<a>4</a>"};
  EXPECT_EQ(text(here.story.get("{ bare { a } }")), R"({"a":4})");
  here.transport.reply->body = "<a>4";
  EXPECT_EQ(here.story.refusal("{ bare { a } }")["message"],
            Value("What http://x.example answered for Query.bare is not XML: line 1, column 5: no element found"));
  here.transport.reply->body = R"({"a":4})";
  here.transport.reply->headers = {{"content-type", "text/plain"}};
  EXPECT_EQ(text(here.story.get("{ bare { a } }")), R"({"a":4})");
}

TEST(HttpFields, ThatCannotBeReachedSaySo) {
  HttpStory here;
  here.transport.reply = Error{Code::unavailable, "nobody there"};
  EXPECT_EQ(here.story.refusal("{ bare { a } }")["errorType"], Value("ServiceUnavailable"));
  here.transport.reply = Error{Code::timed_out, "too late"};
  EXPECT_EQ(here.story.refusal("{ bare { a } }")["errorType"], Value("ExecutionTimeout"));
  HttpStory full(ServerOptions{.http_calls_max = 0});
  EXPECT_EQ(full.story.refusal("{ bare { a } }")["message"], Value("Too many services are being waited for; try again."));
  Story without(schema);
  EXPECT_EQ(without.refusal("{ bare { a } }")["errorType"], Value("NotServed"));
}

TEST(HttpFields, OfRecordsAreAskedOnceALevel) {
  HttpStory here;
  for (const char* id : {"1", "2"}) here.story.get("mutation { createPost(input: {id: \"" + std::string(id) + "\"}) { id } }");
  EXPECT_EQ(text(here.story.get(R"({ listPosts { items { note(params: {id: "7"}, query: {n: 1}) } } })")["items"]),
            R"([{"note":"answer"},{"note":"answer"}])");
  ASSERT_EQ(here.transport.requests.size(), 1U);
  EXPECT_EQ(here.transport.requests.front().target, "https://x.example/notes/7?n=1");
}

}  // namespace
}  // namespace holdfast::server
