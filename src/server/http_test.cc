// GraphQL over HTTP beside AppSync's ways: GET, and the media type that tells failures by their status.
#include "server/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::parsed;
using testing::Story;
using testing::text;
using ::testing::HasSubstr;

constexpr const char* note_schema = "type Note @model { id: ID! text: String! }";
constexpr const char* graphql_response = "application/graphql-response+json";

TEST(Media, IsTheOneThatTheClientWantsMost) {
  const auto media = [](const char* accept) { return media_of({{"Accept", accept}}); };
  for (const char* accept : {"", "*/*", "application/json", "application/json, text/plain, */*", "text/html",
                             "application/graphql-response+json;q=0.5, application/json",
                             "application/graphql-response+json;q=0", ",;,=", "application/graphql-response+jso"}) {
    EXPECT_EQ(media(accept), Media::json) << accept;
  }
  for (const char* accept : {graphql_response, "Application/GraphQL-Response+JSON ; charset=utf-8",
                             "application/json, application/graphql-response+json",
                             "application/graphql-response+json, application/json;q=0.9",
                             "application/json;q=0.4,application/graphql-response+json; q=0.5;x=y"}) {
    EXPECT_EQ(media(accept), Media::graphql_response) << accept;
  }
  EXPECT_EQ(media_of({}), Media::json);
}

HttpResponse ask(Story& story, const std::string& body) {
  return story.post_text(body, {{"accept", graphql_response}});
}

TEST(Media, GraphqlResponseTellsFailuresByTheirStatus) {
  Story story(note_schema);
  const auto good = ask(story, R"({"query":"{ getNote(id: 1) { id } }"})");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(*header(good.headers, "content-type"), "application/graphql-response+json; charset=utf-8");
  EXPECT_EQ(good.body, R"({"data":{"getNote":null}})");
  for (const char* body : {R"({"query":"{"})", R"({"query":"{ nothing }"})",
                           R"({"query":"query ($id: ID!) { getNote(id: $id) { id } }","variables":{"id":null}})",
                           R"({"query":"query A { __typename } query B { __typename }","operationName":"C"})"}) {
    const auto bad = ask(story, body);
    EXPECT_EQ(bad.status, 400) << body;
    EXPECT_EQ(*header(bad.headers, "content-type"), "application/graphql-response+json; charset=utf-8");
    EXPECT_EQ(parsed(bad.body).as_object()->find("data"), nullptr) << bad.body;
    EXPECT_FALSE(parsed(bad.body)["errors"].as_list()->empty());
  }
  const auto partial = ask(story, R"({"query":"mutation { deleteNote(input: {id: 1, _version: 1}) { id } }"})");
  EXPECT_EQ(partial.status, 200) << "it was run";
  EXPECT_FALSE(parsed(partial.body)["errors"].is_null());
}

TEST(Get, RunsAQuery) {
  Story story(note_schema);
  const auto get = [&](const std::string& parameters) {
    return story.server->respond({.method = "GET", .target = "/graphql?" + parameters});
  };
  EXPECT_EQ(get("query=%7B__typename%7D").body, R"({"data":{"__typename":"Query"}})");
  EXPECT_EQ(get("query=query+A(%24id:ID!)%7BgetNote(id:%24id)%7Bid%7D%7D&variables=%7B%22id%22:%221%22%7D&operationName=A"
                "&extensions=%7B%7D")
                .body,
            R"({"data":{"getNote":null}})");
  for (const char* wrong : {"query=%7B__typename%7D&variables=%7B", "query=%7B__typename%7D&variables=3", "query=%7B"}) {
    EXPECT_EQ(get(wrong).status, 400) << wrong;
  }
  EXPECT_THAT(get("variables=%7B%7D").body, HasSubstr("This is a GraphQL endpoint")) << "asks nothing";
}

TEST(Get, ChangesNothing) {
  Story story(note_schema);
  const auto reply = story.server->respond(
      {.method = "GET", .target = "/graphql?query=mutation%7BcreateNote(input:%7Bid:1,text:%22a%22%7D)%7Bid%7D%7D"});
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(*header(reply.headers, "allow"), "POST");
  EXPECT_TRUE(story.get("{ listNotes { items { id } } }")["items"].as_list()->empty());
}

TEST(Get, NeedsTheKeyToo) {
  Story story(note_schema, {.api_key = "da2-right"});
  EXPECT_EQ(story.server->respond({.method = "GET", .target = "/graphql?query=%7B__typename%7D"}).status, 401);
  EXPECT_EQ(story.server->respond({.method = "GET", .target = "/graphql?query=%7B__typename%7D", .headers = {{"x-api-key", "da2-right"}}}).status,
            200);
}

TEST(Post, RefusesParametersOfTheWrongKind) {
  Story story(note_schema);
  for (const char* more : {R"("operationName":7)", R"("operationName":{})", R"("extensions":[])", R"("extensions":"x")"}) {
    const auto reply = story.post_text(R"({"query":"{ __typename }",)" + std::string(more) + "}");
    EXPECT_EQ(reply.status, 400) << more;
  }
  EXPECT_EQ(story.post_text(R"({"query":"{ __typename }","operationName":null,"extensions":null,"variables":null})").status, 200);
}

}  // namespace
}  // namespace holdfast::server
