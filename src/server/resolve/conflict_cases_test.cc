// The worked cases of spec/conflict-cases.json, end to end: stored history, one mutation, what is answered and stored.
#include <gtest/gtest.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::FakeFunctions;
using testing::Ground;
using testing::Story;

constexpr const char* case_schema = R"(
  type Stats { ppg: Float apg: Float rpg: Float }
  enum Status { ACTIVE INACTIVE DRAFT }
  type Thing @model {
    id: ID! name: String jersey: Int title: String rating: Int content: String interests: [String] tags: [String]
    stats: Stats meta: AWSJSON status: Status
  }
)";
const std::string selection =
    "{ id name jersey title rating content interests tags stats { ppg apg rpg } meta status _version _deleted }";

std::int64_t version_of(const Value& record) {
  const auto* version = record["_version"].as_integer();
  return version == nullptr ? 0 : *version;
}

Record record_of(const ModelSchema& model, const Value& members) {
  Record record(model);
  record["id"] = "1";
  record[model.created_at] = "2026-01-01T00:00:00.000Z";
  record[model.updated_at] = "2026-01-01T00:00:00.000Z";
  for (const auto& member : *members.as_object()) {
    if (model.field(member.name) != nullptr) record[member.name] = member.value;
  }
  return record;
}

/// Writes versions 1 to that of `stored`: the base at its own version, and nothing but a key where nothing is told.
void make_history(Story& story, const Value& stored, const Value& base) {
  const auto& model = story.schema.models.front();
  for (std::int64_t version = 1; version <= version_of(stored); ++version) {
    const bool is_last = version == version_of(stored);
    const bool is_base = version_of(base) == version;
    const auto& image = is_last ? stored : is_base ? base : Value(Object());
    const auto outcome = story.store->put({.record = record_of(model, image.is_null() ? Value(Object()) : image),
                                           .expected_version = version - 1,
                                           .is_deleted = is_last && stored["_deleted"] == Value(true)});
    ASSERT_EQ(outcome.value().kind, PutOutcome::Kind::written);
  }
}

void expect_members(const Value& actual, const Value& expected, const std::string& name) {
  for (const auto& member : *expected.as_object()) {
    EXPECT_TRUE(numbers_equal(actual[member.name], member.value))
        << name << "." << member.name << ": " << json::write(actual[member.name]) << " instead of " << json::write(member.value);
  }
  EXPECT_EQ(actual["_deleted"], expected["_deleted"]) << name;
}

Value mutate(Story& story, const std::string& operation, Object incoming) {
  const Value condition = incoming.at("condition");
  incoming.erase("condition");
  const std::string verb = operation == "create" ? "Create" : operation == "update" ? "Update" : "Delete";
  const auto document = "mutation ($input: " + verb + "ThingInput!, $condition: ModelThingConditionInput) { answer: " + operation +
                        "Thing(input: $input, condition: $condition) " + selection + " }";
  return story.ask(document, json::write(Value(Object{{"input", std::move(incoming)}, {"condition", condition}})));
}

void check_refusal(const Value& reply, const Value& expect, const std::string& name) {
  const auto* errors = reply["errors"].as_list();
  ASSERT_TRUE(errors != nullptr && !errors->empty()) << name << " is not refused: " << json::write(reply);
  auto type = *errors->front()["errorType"].as_string();
  if (type.rfind("DynamoDB:", 0) == 0) type.erase(0, 9);
  EXPECT_EQ(Value(type), expect["error"]) << name;
  if (expect["data"].is_null()) EXPECT_TRUE(errors->front()["data"].is_null()) << name;
  else expect_members(errors->front()["data"], expect["data"], name);
}

ServerOptions options_of(const Value& one) {
  ServerOptions options;
  options.merges_lists_three_way = one["switch"] == Value("merge.lists=three_way");
  if (one["strategy"] == Value("OPTIMISTIC_CONCURRENCY")) options.conflict = ConflictStrategy::optimistic;
  if (one["strategy"] == Value("LAMBDA")) {
    options.conflict = ConflictStrategy::custom;
    options.conflict_function = "settle";
  }
  return options;
}

void run_case(const Value& one, Ground ground) {
  const auto name = *one["name"].as_string();
  auto incoming = *one["incoming"].as_object();
  FakeFunctions functions(json::write(incoming.at("handler")));
  incoming.erase("handler");
  ground.functions = &functions;
  Story story(case_schema, options_of(one), ground);
  make_history(story, one["stored"], one["base"]);
  const auto reply = mutate(story, *one["operation"].as_string(), incoming);
  if (!one["expect"]["error"].is_null()) return check_refusal(reply, one["expect"], name);
  EXPECT_TRUE(reply["errors"].is_null()) << name << json::write(reply);
  expect_members(reply["data"]["answer"], one["expect"]["record"], name);
  expect_members(story.get(R"({ getThing(id: "1") )" + selection + " }"), one["expect"]["record"], name + " (stored)");
}

void run_all(const Ground& ground) {
  const auto cases = testing::parsed(testing::shared_text("spec/conflict-cases.json"));
  for (const auto& one : *cases["cases"].as_list()) run_case(one, ground);
  EXPECT_GT(cases["cases"].as_list()->size(), 30U);
}

TEST(ConflictCases, EndAsWritten) { run_all({}); }

TEST(ConflictCases, EndAsWrittenOnSqlite) {
  run_all({.make_store = [](const Schema& schema, Clock& clock) {
    return open_sqlite_store(schema, clock, "file:/conflict_cases?vfs=memdb").value();
  }});
}

}  // namespace
}  // namespace holdfast::server
