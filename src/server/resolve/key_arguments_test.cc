// Lists, index queries and connections by keys of one field and of several, and arguments that do not fit them.
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;
using testing::text;

TEST(CompositeKey, WithoutItsPartitionThereIsNoOrderToNarrowOrTurn) {
  Story story(R"(
    type Seat @model { venue: ID! @primaryKey(sortKeyFields: ["row", "place"]) row: String! place: Int! }
    type Shift @model { team: ID! @primaryKey(sortKeyFields: ["day"]) day: AWSDate! }
    type Lone @model { code: String! @primaryKey }
  )");
  const auto refused = [&](const std::string& query) {
    const auto error = story.refusal("{ " + query + " { nextToken } }");
    EXPECT_EQ(error["errorType"], Value("InvalidArgumentsError")) << query;
    return *error["message"].as_string();
  };
  EXPECT_EQ(refused("listSeats(sortDirection: DESC)"),
            "When providing argument 'sortDirection' you must also provide argument 'venue'.");
  EXPECT_EQ(refused(R"(listSeats(rowPlace: {eq: {row: "A"}}))"),
            "When providing argument 'rowPlace' you must also provide 'venue'.");
  EXPECT_EQ(refused(R"(listShifts(day: {gt: "2026-11-21"}, team: null))"),
            "When providing argument 'day' you must also provide arguments team");
  EXPECT_EQ(refused("listLones(sortDirection: ASC)"),
            "sortDirection is not supported for List operations without a Sort key defined.");
  story.get("{ listSeats(rowPlace: null, sortDirection: null) { nextToken } }");
}

TEST(CompositeKey, OfAnOlderIndexHasAPartitionThatMayBeLeftOut) {
  Story story(R"(type Task @model @key(name: "byList", fields: ["list", "due"], queryField: "tasks") { id: ID! list: ID due: AWSDate })");
  story.get("{ tasks { nextToken } }");
  EXPECT_EQ(story.refusal(R"({ tasks(due: {eq: "2026-11-21"}) { nextToken } })")["message"],
            Value("When providing argument 'due' you must also provide arguments list"));
}

TEST(CompositeKey, AConditionLeavesOutNoFieldBeforeAnother) {
  Story story(R"(
    type Hall @model { id: ID! seats: [Seat] @hasMany(indexName: "byHall", fields: ["id"]) }
    type Seat @model {
      id: ID!
      hall: ID @index(name: "byHall", sortKeyFields: ["row", "place"], queryField: "seatsOf")
      row: String
      place: Int
    }
  )");
  story.get(R"(mutation { createHall(input: {id: "h"}) { id } })");
  const auto error = story.refusal(R"({ seatsOf(hall: "h", rowPlace: {eq: {place: 2}}) { nextToken } })");
  EXPECT_EQ(error["errorType"], Value("InvalidArgumentsError"));
  EXPECT_EQ(error["message"], Value("When providing argument 'rowPlace.eq.place' you must also provide 'rowPlace.eq.row'."));
  EXPECT_EQ(story.refusal(R"({ listHalls { items { seats(rowPlace: {between: [{row: "A"}, {place: 2}]}) { nextToken } } } })")["message"],
            Value("When providing argument 'rowPlace.between[1].place' you must also provide 'rowPlace.between[1].row'."));
}

TEST(LoneKey, ListGivesTheRecordThatHasIt) {
  Story story("type Account @model { number: String! @primaryKey balance: Int }");
  story.get(R"(mutation { createAccount(input: {number: "1", balance: 5}) { number } })");
  story.get(R"(mutation { createAccount(input: {number: "2", balance: 7}) { number } })");
  story.get(R"(mutation { deleteAccount(input: {number: "2", _version: 1}) { number } })");
  const auto listed = [&](const std::string& arguments) {
    return text(story.get("{ listAccounts(" + arguments + ") { items { number } nextToken } }"));
  };
  EXPECT_EQ(listed(R"(number: "1", sortDirection: DESC, limit: 1)"), R"({"items":[{"number":"1"}],"nextToken":null})");
  EXPECT_EQ(listed(R"(number: "2")"), R"({"items":[{"number":"2"}],"nextToken":null})") << "a tombstone, as in any list";
  EXPECT_EQ(listed(R"(number: "3")"), R"({"items":[],"nextToken":null})");
  EXPECT_EQ(listed(R"(number: "1", filter: {balance: {gt: 5}})"), R"({"items":[],"nextToken":null})");
}

TEST(LoneKey, ThatIsAFloatHasOneZero) {
  Story story("type Mark @model { at: Float! @primaryKey note: String }");
  const std::string create = "mutation ($input: CreateMarkInput!) { createMark(input: $input) { at } }";
  story.get(create, R"({"input":{"at":-0.0,"note":"a"}})");
  EXPECT_EQ(text(story.get("{ listMarks(at: 0) { items { note } } }")), R"({"items":[{"note":"a"}]})");
  EXPECT_EQ(text(story.get("{ getMark(at: -0.0) { note } }")), R"({"note":"a"})");
}

TEST(LoneKey, AConnectionLeadsByIt) {
  Story story(R"(
    type Post @model { id: ID! authorID: ID authors: [Author] @hasMany(fields: ["authorID"]) }
    type Author @model { id: ID! name: String }
  )");
  story.get(R"(mutation { createAuthor(input: {id: "a", name: "A"}) { id } })");
  story.get(R"(mutation { createPost(input: {id: "1", authorID: "a"}) { id } })");
  story.get(R"(mutation { createPost(input: {id: "2", authorID: "none"}) { id } })");
  story.get(R"(mutation { createPost(input: {id: "3"}) { id } })");
  EXPECT_EQ(text(story.get("{ listPosts { items { authors(limit: 1) { items { name } nextToken } } } }")),
            R"({"items":[{"authors":{"items":[{"name":"A"}],"nextToken":null}},)"
            R"({"authors":{"items":[],"nextToken":null}},{"authors":{"items":[],"nextToken":null}}]})");
}

}  // namespace
}  // namespace holdfast::server
