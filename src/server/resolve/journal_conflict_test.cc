// What the conflict journal is told, and that it never stands in the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"
#include "tests/simulation/forwarding_store.h"

namespace holdfast::server {
namespace {

using testing::FakeFunctions;
using testing::Ground;
using testing::Story;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* schema_text =
    "type Post @model { id: ID! title: String rating: Int } type Note @model { id: ID! text: String } "
    "type Part @model { maker: ID! @primaryKey(sortKeyFields: [\"number\"]) number: Int! name: String }";

/// A post at version 2: its title was changed from "a" to "b".
void begin(Story& story) {
  story.get(R"(mutation { createPost(input: {id: "1", title: "a", rating: 1}) { id } })");
  story.get(R"(mutation { updatePost(input: {id: "1", title: "b", _version: 1}) { id } })");
}
const std::string stale_update = R"(mutation { updatePost(input: {id: "1", rating: null, _version: 1}) { rating } })";
const std::string stale_delete = R"(mutation { deletePost(input: {id: "1", _version: 1}) { id } })";

std::vector<JournalEntry> journal_of(Story& story) { return story.store->conflicts({}).value(); }

TEST(ConflictJournal, TellsAMergeWithBaseLocalRemoteAndResult) {
  Story story(schema_text, {.api_key = "k"});
  begin(story);
  story.get(stale_update);
  ASSERT_THAT(journal_of(story), SizeIs(1));
  const auto entry = journal_of(story).front();
  EXPECT_EQ(entry.at, story.clock.wall());
  EXPECT_EQ(entry.model, "Post");
  EXPECT_EQ(entry.key, R"(["1"])");
  EXPECT_EQ(entry.operation, "update");
  EXPECT_EQ(entry.strategy, "automerge");
  EXPECT_EQ(entry.outcome, "merged");
  EXPECT_EQ(entry.caller, "apiKey");
  EXPECT_EQ(entry.client_version, 1);
  EXPECT_EQ(entry.stored_version, 2);
  EXPECT_EQ(entry.result_version, 3);
  EXPECT_EQ(entry.base["title"], Value("a"));
  EXPECT_EQ(testing::text(entry.incoming), R"({"id":"1","rating":null,"_version":1})");
  EXPECT_EQ(entry.stored["title"], Value("b"));
  EXPECT_EQ(entry.stored["rating"], Value(1));
  EXPECT_EQ(entry.result["title"], Value("b"));
  EXPECT_TRUE(entry.result["rating"].is_null());
  EXPECT_EQ(entry.result["_version"], Value(3));
}

TEST(ConflictJournal, TellsRefusals) {
  Story story(schema_text, {.conflict = ConflictStrategy::optimistic});
  begin(story);
  story.refusal(stale_update);
  story.refusal(stale_delete);
  ASSERT_THAT(journal_of(story), SizeIs(2));
  const auto entry = journal_of(story).front();
  EXPECT_EQ(entry.operation, "delete");
  EXPECT_EQ(entry.strategy, "optimistic");
  EXPECT_EQ(entry.outcome, "refused");
  EXPECT_EQ(entry.result_version, 0);
  EXPECT_TRUE(entry.result.is_null());
  EXPECT_EQ(entry.caller, "open");
}

TEST(ConflictJournal, TellsWhatHandlersSaid) {
  std::string answer;
  FakeFunctions functions([&](const Value&) { return json::parse(answer); });
  Story story(schema_text, {.conflict = ConflictStrategy::custom, .conflict_function = "settle"}, {.functions = &functions});
  begin(story);
  for (const char* said : {R"({"action":"RESOLVE","item":{"title":"c"}})", R"({"action":"REJECT"})", R"({"action":"?"})"}) {
    answer = said;
    story.ask(stale_update);
  }
  answer = R"({"action":"REMOVE"})";
  story.get(stale_delete);
  std::vector<std::string> outcomes;
  for (const auto& entry : journal_of(story)) outcomes.push_back(entry.function + " " + entry.outcome);
  EXPECT_THAT(outcomes, ::testing::ElementsAre("settle removed", "settle failed", "settle refused", "settle resolved"));
  EXPECT_EQ(journal_of(story)[1].message, "the action is ?, but an update takes RESOLVE or REJECT");
  EXPECT_EQ(journal_of(story)[0].result["_deleted"], Value(true));
}

TEST(ConflictJournal, IsNotTroubledByWhatIsNoConflict) {
  Story story(schema_text);
  begin(story);
  story.get(R"(mutation { updatePost(input: {id: "1", title: "c", _version: 2}) { id } })");
  story.refusal(R"(mutation { createPost(input: {id: "1", title: "x"}) { id } })");
  story.refusal(R"(mutation { updatePost(input: {id: "1", title: "x", _version: 3}, condition: {rating: {gt: 5}}) { id } })");
  EXPECT_THAT(journal_of(story), IsEmpty());
}

TEST(ConflictJournal, WritesCompositeKeysAsTheStoreDoes) {
  Story story(schema_text);
  story.get(R"(mutation { createPart(input: {maker: "m", number: 7, name: "a"}) { name } })");
  story.get(R"(mutation { updatePart(input: {maker: "m", number: 7, name: "b"}) { name } })");
  EXPECT_THAT(story.store->conflicts({.model = "Part", .key = R"(["m",7])"}).value(), SizeIs(1));
}

TEST(ConflictJournal, IsBounded) {
  Story story(schema_text, {.journal_rows_max = 2});
  begin(story);
  for (int round = 0; round < 5; ++round) story.get(stale_update);
  EXPECT_THAT(journal_of(story), SizeIs(2));
}

TEST(ConflictJournal, IsOffWhereItIsSwitchedOff) {
  ServerOptions options;
  options.unjournaled_models = {"Post"};
  Story story(schema_text, options);
  begin(story);
  story.get(stale_update);
  story.get(R"(mutation { createNote(input: {id: "1", text: "a"}) { id } })");
  story.get(R"(mutation { updateNote(input: {id: "1", text: "b"}) { id } })");
  ASSERT_THAT(journal_of(story), SizeIs(1));
  EXPECT_EQ(journal_of(story).front().model, "Note");

  Story off(schema_text, {.journal_rows_max = 0});
  begin(off);
  off.get(stale_update);
  EXPECT_THAT(journal_of(off), IsEmpty());
}

class WithoutJournal final : public simulation::ForwardingStore {
 public:
  explicit WithoutJournal(Store& inner) : ForwardingStore(inner) {}
  Result<void> journal(const JournalEntry&, std::int64_t) override { return Error{Code::disk_full, "no room"}; }
};

TEST(ConflictJournal, ThatCannotBeWrittenFailsNoMutation) {
  std::unique_ptr<Store> records;
  Story story(schema_text, {}, {.make_store = [&](const Schema& schema, Clock& clock) -> std::unique_ptr<Store> {
                records = memory_store(schema, clock);
                return std::make_unique<WithoutJournal>(*records);
              }});
  begin(story);
  EXPECT_TRUE(story.get(stale_update)["rating"].is_null());
  EXPECT_EQ(story.refusal(stale_delete)["errorType"], Value("ConflictUnhandled"));
}

}  // namespace
}  // namespace holdfast::server
