// HTTP as the published clients see it (spec/protocol.md section 1), and the documents that they send.
#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "api/document.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::parsed;
using testing::Story;
using testing::text;
using ::testing::HasSubstr;

constexpr const char* note_schema = "type Note @model { id: ID! text: String! }";

std::string header_of(const HttpResponse& response, const char* name) {
  const auto* value = header(response.headers, name);
  return value == nullptr ? std::string() : *value;
}

TEST(Http, AWrongOrMissingKeyIs401) {
  Story story(note_schema, {.api_key = "da2-right"});
  for (const Headers& headers : {Headers{}, Headers{{"x-api-key", "da2-wrong"}}}) {
    const auto reply = story.server->respond({.target = "/graphql", .headers = headers, .body = R"({"query":"{ __typename }"})"});
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(header_of(reply, "x-amzn-errortype"), "UnauthorizedException");
    EXPECT_EQ(reply.body, R"({"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]})");
  }
  EXPECT_EQ(story.post_text(R"({"query":"{ __typename }"})").body, R"({"data":{"__typename":"Query"}})");
}

TEST(Http, EveryReplyMayBeReadByBrowsers) {
  Story story(note_schema);
  const auto preflight = story.server->respond({.method = "OPTIONS", .target = "/graphql"});
  EXPECT_EQ(preflight.status, 204);
  for (const char* name : {"content-type", "x-api-key", "x-amz-user-agent", "authorization", "x-amz-date", "x-amz-security-token"}) {
    EXPECT_THAT(header_of(preflight, "Access-Control-Allow-Headers"), HasSubstr(name));
  }
  for (const auto& reply : {preflight, story.post_text("{"), story.post_text(R"({"query":"{ __typename }"})"),
                            story.server->respond({.method = "GET", .target = "/nowhere"}),
                            story.server->unreadable(413, "The request's body is too large.")}) {
    EXPECT_EQ(header_of(reply, "access-control-allow-origin"), "*");
    EXPECT_EQ(header_of(reply, "access-control-expose-headers"), "x-amzn-errortype");
  }
}

TEST(Http, WhatIsNoRequestIsRefusedAsRequestsAre) {
  Story story(note_schema);
  const auto large = story.server->unreadable(413, "The request's body is too large.");
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(header_of(large, "x-amzn-errortype"), "RequestEntityTooLargeException");
  EXPECT_EQ(parsed(large.body)["errors"].as_list()->at(0)["message"], Value("The request's body is too large."));
  EXPECT_EQ(header_of(story.server->unreadable(400, "No HTTP."), "x-amzn-errortype"), "BadRequestException");
}

TEST(Http, OtherPathsAndMethodsAreRefusedInJson) {
  Story story(note_schema);
  EXPECT_EQ(story.server->respond({.target = "/other"}).status, 404);
  const auto put = story.server->respond({.method = "PUT", .target = "/graphql"});
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(header_of(put, "allow"), "POST, GET, OPTIONS");
  EXPECT_FALSE(parsed(put.body)["errors"].is_null());
  EXPECT_EQ(story.server->respond({.method = "GET", .target = "/graphql?x=1"}).status, 200);
}

TEST(Http, BodiesThatAreNoRequestAre400) {
  Story story(note_schema);
  for (const char* body : {"", "{", "[]", "{}", R"({"query":7})", R"({"query":"{ __typename }","variables":[]})"}) {
    const auto reply = story.post_text(body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(parsed(reply.body)["errors"].as_list()->front()["errorType"], Value("MalformedHttpRequestException")) << body;
  }
}

TEST(Http, ADocumentThatIsNotGraphqlIs400) {
  Story story(note_schema);
  const auto reply = story.post_text(R"({"query":"{ getNote(id: }"})");
  EXPECT_EQ(reply.status, 400);
  const auto error = parsed(reply.body)["errors"].as_list()->front();
  EXPECT_EQ(error["errorType"], Value("BadRequestException"));
  EXPECT_THAT(*error["message"].as_string(), HasSubstr("Syntax Error"));
}

TEST(Http, ADocumentThatIsNotForThisApiIs200WithoutType) {
  Story story(note_schema);
  const auto reply = story.ask("{ getNote(id: \"1\") { nothing } }");
  EXPECT_TRUE(reply["data"].is_null());
  EXPECT_NE(reply.as_object()->find("data"), nullptr);
  const auto& error = reply["errors"].as_list()->front();
  EXPECT_EQ(error.as_object()->find("errorType"), nullptr);
  EXPECT_EQ(text(error["locations"]), R"([{"line":1,"column":22,"sourceName":null}])");
}

TEST(Http, VariablesThatDoNotFitAre200WithoutType) {
  Story story(note_schema);
  const auto reply = story.ask("query ($id: ID!) { getNote(id: $id) { id } }", R"({"id":null})");
  EXPECT_TRUE(reply["data"].is_null());
  EXPECT_EQ(reply["errors"].as_list()->front()["message"],
            Value("Variable 'id' has coerced Null value for NonNull type 'ID!'"));
}

TEST(Http, ResolverErrorsHaveAppSyncsMembersInOrder) {
  Story story(note_schema);
  const auto reply = story.ask(R"(mutation { updateNote(input: {id: "1", text: "x", _version: 1}) { id } })");
  std::string members;
  for (const auto& member : *reply["errors"].as_list()->front().as_object()) members += member.name + " ";
  EXPECT_EQ(members, "path data errorType errorInfo locations message ");
  EXPECT_EQ(text(reply["data"]), R"({"updateNote":null})");
}

TEST(Http, SubscriptionsDoNotRunOverPost) {
  Story story(note_schema);
  EXPECT_EQ(story.post_text(R"({"query":"subscription { onCreateNote { id } }"})").status, 400);
}

/// A store whose reads can be made to fail.
class FailingStore final : public Store {
 public:
  FailingStore(const Schema& schema, Clock& clock) : held_(memory_store(schema, clock)) {}
  Result<std::optional<Image>> get(const ModelSchema& model, const Key& key) override {
    if (is_failing) return Error{Code::storage_failed, "the disk is gone"};
    return held_->get(model, key);
  }
  Result<std::vector<std::optional<Image>>> get_all(const ModelSchema& model, const std::vector<Key>& keys) override {
    return held_->get_all(model, keys);
  }
  Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t version) override {
    return held_->image_at(model, key, version);
  }
  Result<std::optional<Image>> find_mutation(std::string_view id) override { return held_->find_mutation(id); }
  Result<PutOutcome> put(const ConditionalPut& put) override {
    if (changes_meanwhile > 0) {
      --changes_meanwhile;
      auto other = put;
      other.mutation_id.clear();
      other.record["text"] = "theirs";
      if (auto first = held_->put(other); !first) return first;
    }
    return held_->put(put);
  }
  Result<ImagePage> list(const ModelSchema& model, const ListOptions& options) override { return held_->list(model, options); }
  Result<std::vector<ImagePage>> read_index(const ModelSchema& model, const IndexOptions& options,
                                            const std::vector<Partition>& partitions) override {
    return held_->read_index(model, options, partitions);
  }
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit, std::string_view after) override {
    return held_->changed_since(model, since, limit, after);
  }
  Result<bool> trim(const std::vector<const ModelSchema*>& models, const TrimOptions& options) override {
    return held_->trim(models, options);
  }
  Result<Instant> read_horizon() override { return held_->read_horizon(); }
  void on_commit(std::function<void(const ChangeEntry&)> listener) override { held_->on_commit(std::move(listener)); }
  Result<std::optional<std::string>> setting(std::string_view name) override { return held_->setting(name); }
  Result<void> set_setting(std::string_view name, std::string_view value) override { return held_->set_setting(name, value); }
  Result<void> backup(const std::string& path) override { return held_->backup(path); }

  bool is_failing = false;
  int changes_meanwhile = 0;

 private:
  std::unique_ptr<Store> held_;
};

struct FailingStory {
  HttpResponse post(const std::string& query) {
    return server->respond({.target = "/graphql", .body = json::write(Value(Object{{"query", query}}))});
  }
  Schema schema = testing::schema_of(note_schema);
  testing::HandClock clock;
  testing::CountedRandom random;
  FailingStore store{schema, clock};
  std::unique_ptr<Server> server = *Server::make({schema, api::document(schema), store, clock, random, silent_log()}, {});
};

TEST(Http, AFailingStoreIs500SoThatClientsTryAgain) {
  FailingStory story;
  story.store.is_failing = true;
  const auto reply = story.post("{ getNote(id: \"1\") { id } }");
  EXPECT_EQ(reply.status, 500);
  EXPECT_THAT(reply.body, HasSubstr("InternalFailure"));
}

TEST(Update, StartsAgainWhenTheRecordChangedInBetween) {
  FailingStory story;
  story.post(R"(mutation { createNote(input: {id: "1", text: "a"}) { id } })");
  story.store.changes_meanwhile = 1;
  const auto reply = parsed(story.post(R"(mutation { updateNote(input: {id: "1", text: "mine", _version: 1}) { text _version } })").body);
  // Both changed the text: the one that came first stays.
  EXPECT_EQ(text(reply["data"]["updateNote"]), R"({"text":"theirs","_version":3})");
}

TEST(Update, GivesUpWith500WhenTheRecordNeverRests) {
  FailingStory story;
  story.post(R"(mutation { createNote(input: {id: "1", text: "a"}) { id } })");
  story.store.changes_meanwhile = 1000;
  EXPECT_EQ(story.post(R"(mutation { updateNote(input: {id: "1", text: "mine", _version: 1}) { text } })").status, 500);
}

TEST(Wire, EveryDocumentOfTheRecordedClientsIsAnswered) {
  Story story(testing::shared_text("golden/wire/blog.graphql"));
  std::istringstream lines(testing::shared_text("golden/wire/documents.jsonl"));
  int count = 0;
  testing::Connection connection(story);
  connection.init();
  for (std::string line; std::getline(lines, line);) {
    const auto row = parsed(line);
    if (row["client"] != Value("datastore")) continue;
    ++count;
    const auto query = *row["query"].as_string();
    if (query.rfind("subscription", 0) == 0) {
      connection.start("s" + std::to_string(count), query, text(row["exampleVariables"]));
      const auto frames = connection.peer->take();
      ASSERT_EQ(frames.size(), 1U) << query;
      EXPECT_THAT(frames.front(), HasSubstr("start_ack")) << query;
      continue;
    }
    const auto reply = story.ask(query, text(row["exampleVariables"]));
    connection.peer->take();
    const auto* errors = reply["errors"].as_list();
    // Updates and deletes of records that are not in this recording are refused for that; nothing else is wrong.
    const bool is_absent = errors != nullptr && text(errors->front()["errorType"]).find("ConditionalCheckFailed") != std::string::npos;
    const bool is_stale = errors != nullptr && errors->front()["errorType"] == Value("ConflictUnhandled");
    EXPECT_TRUE(errors == nullptr || is_absent || is_stale) << query << text(reply);
  }
  EXPECT_EQ(count, 54);
}

TEST(Wire, SyncOfTheBlogGivesBackWhatWasCreated) {
  Story story(testing::shared_text("golden/wire/blog.graphql"));
  std::istringstream lines(testing::shared_text("golden/wire/documents.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const auto row = parsed(line);
    const auto query = *row["query"].as_string();
    const bool is_create = row["client"] == Value("datastore") && query.rfind("mutation operation($input: Create", 0) == 0;
    if (!is_create) continue;
    const auto created = story.get(query, text(row["exampleVariables"]));
    for (const auto& member : *row["exampleVariables"]["input"].as_object()) {
      EXPECT_TRUE(numbers_equal(created[member.name], member.value)) << member.name << text(created[member.name]);
    }
  }
  const auto page = story.get("{ syncPosts(limit: 10) { items { author { name home { lat } } tags statusHistory } nextToken startedAt } }");
  EXPECT_EQ(page["items"].as_list()->size(), 1U);
}

TEST(Wire, Gen2ClientsWorkOnAnUnversionedApi) {
  Story story(testing::shared_text("golden/transformer/gen2-todo/schema.graphql"), {.conflict = ConflictStrategy::none});
  const auto todo = story.get("mutation ($input: CreateTodoInput!) { createTodo(input: $input) { id createdAt updatedAt } }",
                              R"({"input":{}})");
  EXPECT_FALSE(todo["id"].is_null());
}

TEST(Server, RefusesASchemaThatMakesNoApi) {
  const Schema empty;
  testing::HandClock clock;
  testing::CountedRandom random;
  const auto store = memory_store(empty, clock);
  const auto made = Server::make({empty, api::document(empty), *store, clock, random, silent_log()}, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::schema_error);
}

}  // namespace
}  // namespace holdfast::server
