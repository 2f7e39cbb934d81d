// What one request may ask for (docs/graphql.md), and that each refusal names its limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "server/cost.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::parsed;
using testing::Story;
using testing::text;
using ::testing::HasSubstr;

constexpr const char* blog_schema = R"(
type Post @model { id: ID! title: String comments: [Comment] @hasMany }
type Comment @model { id: ID! text: String post: Post @belongsTo }
)";

std::string repeated(int times, const std::function<std::string(int)>& part) {
  std::string whole;
  for (int at = 0; at < times; ++at) whole += part(at);
  return whole;
}

/// What is said of a document that may not be run.
std::string refused(Story& story, const std::string& query) {
  const auto reply = story.post_text(json::write(Value(Object{{"query", query}})));
  EXPECT_EQ(reply.status, 400) << query.substr(0, 100);
  const auto error = parsed(reply.body)["errors"].as_list()->front();
  EXPECT_EQ(error["errorType"], Value("BadRequestException"));
  return *error["message"].as_string();
}

TEST(Limits, OnADocumentAreNamedInTheRefusal) {
  Story story(blog_schema);
  const RequestLimits limits;
  EXPECT_THAT(refused(story, "{ __typename }" + std::string(limits.document_bytes_max, ' ')),
              HasSubstr("larger than 262144 bytes"));
  EXPECT_THAT(refused(story, "{" + repeated(50'000, [](int) { return " a"; }) + "}"), HasSubstr("Document has more than 50000 tokens"));
  EXPECT_THAT(refused(story, repeated(60, [](int) { return "{ __schema "; }) + "{ x }" + std::string(60, '}')),
              HasSubstr("more than 50 deep"));
  EXPECT_THAT(refused(story, "{" + repeated(2'001, [](int at) { return " a" + std::to_string(at) + ": __typename"; }) + "}"),
              HasSubstr("more than 2000 aliases"));
  EXPECT_THAT(refused(story, "{ __typename" + repeated(1'001, [](int) { return " @skip(if: false)"; }) + "}"),
              HasSubstr("more than 1000 directives"));
  EXPECT_THAT(refused(story, "{" + repeated(1'001, [](int) { return " __typename"; }) + "}"),
              HasSubstr("more than 1000 fields of the root"));
}

TEST(Limits, CountFieldsAsFragmentsUnfold) {
  Story story(blog_schema);
  const auto wide = "{ ...f0 }" + repeated(20, [](int at) {
    const auto next = "...f" + std::to_string(at + 1);
    return " fragment f" + std::to_string(at) + " on Query { a: __schema { " + next + " } b: __schema { " + next + " } }";
  });
  EXPECT_THAT(refused(story, wide + " fragment f20 on Query { __typename }"), HasSubstr("more than 20000 fields"));
  const auto chain = repeated(60, [](int at) {
    return " fragment f" + std::to_string(at) + " on Query { a: __schema { ...f" + std::to_string(at + 1) + " } }";
  });
  EXPECT_THAT(refused(story, "{ ...f0 }" + chain + " fragment f60 on Query { __typename }"), HasSubstr("50 deep"));
}

TEST(Limits, AreTheProjectsToChoose) {
  Story story(blog_schema, {.limits = {.depth_max = 2, .root_fields_max = 1}});
  EXPECT_THAT(refused(story, "{ listPosts { items { id } } }"), HasSubstr("more than 2 deep"));
  EXPECT_THAT(refused(story, "{ a: __typename __typename }"), HasSubstr("more than 1 fields of the root"));
  EXPECT_EQ(text(story.ask("{ __schema { description } }")["data"]), R"({"__schema":{"description":null}})");
}

TEST(Limits, OnCostCountFieldsTimesTheLimitsAroundThem) {
  Story story(blog_schema, {.page_rows_max = 500, .limits = {.cost_max = 2'000}});
  const char* nested = "query ($n: Int) { listPosts(limit: $n) { items { id comments(limit: 10) { items { id } } } } }";
  // 1 + n × (items 1 + id 1 + comments 1 + 10 × (items 1 + id 1))
  EXPECT_TRUE(story.ask(nested, R"({"n": 80})")["errors"].is_null());
  EXPECT_THAT(text(story.ask(nested, R"({"n": 90})")), HasSubstr("could have more than 2000 fields"));
  EXPECT_TRUE(story.ask(nested, R"({"n": null})")["data"].is_null()) << "a list without limit counts 100";
  EXPECT_TRUE(story.ask("{ listPosts(limit: 100000) { items { id } } }")["errors"].is_null()) << "pages end at 500";
  EXPECT_THAT(text(story.ask("{ ...F } fragment F on Query { listPosts(limit: 500) { ... { items { id title id } } } }")),
              HasSubstr("could have more than 2000 fields"));
}

TEST(Limits, LetThroughWhatTheCommonClientsNest) {
  Story story(blog_schema);
  EXPECT_TRUE(story.ask("{ listPosts(limit: 1000) { items { comments(limit: 1000) { items { post { comments { items "
                        "{ id } } } } } } } }")["errors"]
                  .is_null());
}

TEST(Limits, PagesNeverGrowBeyondPageRowsMax) {
  Story story(blog_schema, {.page_rows_max = 2});
  for (const char* id : {"1", "2", "3"}) {
    story.get("mutation ($id: ID!) { createPost(input: {id: $id}) { id } }", R"({"id":")" + std::string(id) + "\"}");
  }
  const auto page = story.get("{ listPosts(limit: 1000) { items { id } nextToken } }");
  EXPECT_EQ(page["items"].as_list()->size(), 2U);
  EXPECT_FALSE(page["nextToken"].is_null());
  EXPECT_THAT(text(story.refusal("{ listPosts(limit: 0) { items { id } } }")), HasSubstr("limit must be 1 or more"));
}

/// Every look at the clock takes a second.
class SlowClock final : public Clock {
 public:
  Instant wall() override { return from_epoch_ms(1'795'244'400'000); }
  Tick ticks() override { return now_ += Milliseconds(1'000); }
  void wake_at(Tick /*at*/, std::function<void()> /*task*/) override {}

 private:
  Tick now_{};
};

TEST(Limits, OnTimeLeaveTheRestOfARequestUndone) {
  const auto reading = testing::reading_of(blog_schema);
  SlowClock clock;
  testing::CountedRandom random;
  const auto store = memory_store(reading.schema, clock);
  const auto server = *Server::make({reading.schema, api::document(reading, {}), *store, clock, random, silent_log()},
                                    {.limits = {.time_max = Milliseconds(2'500)}});
  const auto reply = parsed(server->respond({.target = "/graphql", .body = json::write(Value(Object{{"query",
      R"(mutation { a: createPost(input: {id: "1"}) { id } b: createPost(input: {id: "2"}) { id }
                    c: createPost(input: {id: "3"}) { id } })"}}))}).body);
  EXPECT_EQ(text(reply["data"]), R"({"a":{"id":"1"},"b":{"id":"2"},"c":null})");
  const auto& error = reply["errors"].as_list()->front();
  EXPECT_EQ(error["errorType"], Value("ExecutionTimeout"));
  EXPECT_EQ(text(error["path"]), R"(["c"])");
  EXPECT_THAT(*error["message"].as_string(), HasSubstr("longer than 2500 ms"));
  EXPECT_FALSE(store->get(*reading.schema.model("Post"), Key{{Value("3")}}).value().has_value());
}

TEST(Limits, OnTimeEndWhatIsBeingRead) {
  const auto reading = testing::reading_of(blog_schema);
  SlowClock clock;
  testing::CountedRandom random;
  const auto folder = std::filesystem::temp_directory_path() / ("holdfast_limits_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  {
    const auto store = open_sqlite_store(reading.schema, clock, folder / "backend.db").value();
    const auto write = [&](int id) {
      Record record(*reading.schema.model("Post"));
      record["id"] = std::to_string(id);
      record["title"] = "same";
      ASSERT_TRUE(store->put({.record = std::move(record)}).has_value());
    };
    std::vector<std::function<void()>> works;
    for (int id = 0; id < 5'000; ++id) works.emplace_back([&write, id] { write(id); });
    for (const auto& kept : store->put_together(works)) ASSERT_TRUE(kept.has_value());
    const auto server = *Server::make({reading.schema, api::document(reading, {}), *store, clock, random, silent_log()},
                                      {.limits = {.time_max = Milliseconds(10'000)}});
    const auto reply = server->respond({.target = "/graphql", .body = json::write(Value(Object{{"query",
        R"({ one: getPost(id: "1") { id } all: listPosts(limit: 1000, filter: {title: {eq: "other"}}) { items { id } } })"}}))});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(text(parsed(reply.body)["data"]), R"({"one":{"id":"1"},"all":null})");
    const auto error = parsed(reply.body)["errors"].as_list()->front();
    EXPECT_EQ(error["errorType"], Value("ExecutionTimeout"));
    EXPECT_EQ(text(error["path"]), R"(["all"])");
  }
  std::filesystem::remove_all(folder);
}

std::string complaint(Story& story, const std::string& body) {
  const auto reply = story.post_text(body);
  EXPECT_EQ(reply.status, 400) << body.substr(0, 100);
  const auto error = parsed(reply.body)["errors"].as_list()->front();
  EXPECT_EQ(error["errorType"], Value("MalformedHttpRequestException"));
  return *error["message"].as_string();
}

TEST(Limits, OnJsonAreToldAndHarmNothing) {
  Story story(blog_schema);
  const auto with = [](const std::string& variables) { return R"({"query":"{ __typename }","variables":)" + variables + "}"; };
  EXPECT_THAT(complaint(story, with(repeated(300, [](int) { return "["; }))), HasSubstr("not JSON"));
  EXPECT_THAT(complaint(story, with(R"({"deep":)" + repeated(300, [](int) { return "["; }) + std::string(300, ']') + "}")),
              HasSubstr("not JSON: The JSON document was too deep"));
  EXPECT_THAT(complaint(story, with(R"({"n": 1e400})")), HasSubstr("not JSON"));
  EXPECT_EQ(story.post_text(with(R"({"n": 123456789012345678901234567890})")).status, 200) << "a double can hold it";
  EXPECT_THAT(complaint(story, with("{\"n\": \"\xff\"}")), HasSubstr("UTF-8"));
  EXPECT_THAT(complaint(story, with("{\"n\": \"\xed\xa0\x80\"}")), HasSubstr("UTF-8"));
  EXPECT_THAT(complaint(story, with("[]")), HasSubstr("\"variables\" must be an object"));
  EXPECT_THAT(complaint(story, with("\"{}\"")), HasSubstr("\"variables\" must be an object"));
}

// Of two members of one name the last counts, in small objects as in large ones.
TEST(Limits, ManyEqualMembersAreOne) {
  Story story(blog_schema);
  const auto filler = repeated(300, [](int at) { return "\"f" + std::to_string(at) + "\":0,"; });
  for (const auto& more : {std::string(), filler}) {
    const auto reply = story.post_text(R"({"query":"query ($id: ID!) { getPost(id: $id) { id } }","variables":{"id":7.5,)" +
                                       more + R"("id":"1"}})");
    EXPECT_EQ(reply.body, R"({"data":{"getPost":null}})");
  }
}

}  // namespace
}  // namespace holdfast::server
