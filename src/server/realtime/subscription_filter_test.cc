// What a subscription is narrowed by: every operator of ModelSubscription…Input, groups, owner arguments, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::parsed;
using testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* item_schema = R"(
  enum Size { SMALL LARGE }
  type Item @model @auth(rules: [{ allow: owner }, { allow: owner, ownerField: "editors" }, { allow: public }]) {
    id: ID! name: String count: Int weight: Float isOpen: Boolean size: Size day: AWSDate stamp: AWSTimestamp tags: [String]
    owner: String editors: [String]
  }
)";

constexpr const char* filtered =
    "subscription operation($filter: ModelSubscriptionItemFilterInput) { onCreateItem(filter: $filter) { id } }";

constexpr const char* item = R"({"name":"apple","count":5,"weight":1.5,"isOpen":true,"size":"SMALL","day":"2026-01-02",)"
                             R"("stamp":1000,"tags":["a","b"],"owner":"ada","editors":["bob","eve"]})";

class SubscriptionFilter : public ::testing::Test {
 protected:
  void SetUp() override { connection.init(); }
  /// What is told of the item to a subscription with these variables, or why it was refused.
  std::string told(const std::string& document, const std::string& variables) {
    connection.start("s", document, variables);
    const auto opened = connection.peer->take();
    if (opened.size() != 1 || opened[0].find("start_ack") == std::string::npos) return opened.empty() ? "" : opened[0];
    story.get("mutation M($input: CreateItemInput!) { createItem(input: $input) { id } }",
              std::string(R"({"input":)") + item + "}");
    return connection.peer->take().empty() ? "nothing" : "the item";
  }
  std::string told_by(const std::string& filter) { return told(filtered, R"({"filter":)" + filter + "}"); }

  Story story{item_schema};
  Connection connection{story};
};

TEST_F(SubscriptionFilter, TakesEveryOperator) {
  struct Row {
    const char* right;
    const char* wrong;
  };
  for (const auto& [right, wrong] : {
           Row{R"({"name":{"eq":"apple"}})", R"({"name":{"eq":"pear"}})"},
           Row{R"({"name":{"ne":"pear"}})", R"({"name":{"ne":"apple"}})"},
           Row{R"({"name":{"le":"apple"}})", R"({"name":{"lt":"apple"}})"},
           Row{R"({"name":{"ge":"apple"}})", R"({"name":{"gt":"apple"}})"},
           Row{R"({"name":{"contains":"ppl"}})", R"({"name":{"notContains":"ppl"}})"},
           Row{R"({"name":{"between":["a","b"]}})", R"({"name":{"between":["b","c"]}})"},
           Row{R"({"name":{"beginsWith":"app"}})", R"({"name":{"beginsWith":"pp"}})"},
           Row{R"({"name":{"in":["pear","apple"]}})", R"({"name":{"notIn":["pear","apple"]}})"},
           Row{R"({"name":{"notIn":["pear"]}})", R"({"name":{"in":["pear"]}})"},
           Row{R"({"count":{"eq":5}})", R"({"count":{"ne":5}})"},
           Row{R"({"count":{"le":5}})", R"({"count":{"lt":5}})"},
           Row{R"({"count":{"ge":5}})", R"({"count":{"gt":5}})"},
           Row{R"({"count":{"between":[1,5]}})", R"({"count":{"between":[6,9]}})"},
           Row{R"({"count":{"in":[5,6]}})", R"({"count":{"notIn":[5,6]}})"},
           Row{R"({"weight":{"gt":1.4}})", R"({"weight":{"between":[2.0,3.0]}})"},
           Row{R"({"weight":{"in":[1.5]}})", R"({"weight":{"notIn":[1.5]}})"},
           Row{R"({"isOpen":{"eq":true}})", R"({"isOpen":{"ne":true}})"},
           Row{R"({"size":{"eq":"SMALL"}})", R"({"size":{"in":["LARGE"]}})"},
           Row{R"({"day":{"beginsWith":"2026"}})", R"({"day":{"gt":"2026-01-02"}})"},
           Row{R"({"stamp":{"between":[1,1000]}})", R"({"stamp":{"lt":1000}})"},
           Row{R"({"tags":{"contains":"b"}})", R"({"tags":{"notContains":"b"}})"},
       }) {
    EXPECT_EQ(told_by(right), "the item") << right;
    EXPECT_EQ(told_by(wrong), "nothing") << wrong;
  }
}

TEST_F(SubscriptionFilter, TakesGroups) {
  EXPECT_EQ(told_by(R"({"and":[{"name":{"eq":"apple"}},{"or":[{"count":{"gt":9}},{"size":{"eq":"SMALL"}}]}]})"), "the item");
  EXPECT_EQ(told_by(R"({"and":[{"name":{"eq":"apple"}},{"or":[{"count":{"gt":9}},{"size":{"eq":"LARGE"}}]}]})"), "nothing");
  EXPECT_EQ(told_by(R"({"or":[{"name":{"eq":"pear"},"count":{"eq":5}},{"isOpen":{"eq":true}}]})"), "the item");
  EXPECT_EQ(told_by(R"({"count":{"gt":4,"lt":5}})"), "nothing");
  EXPECT_EQ(told(filtered, R"({"filter":null})"), "the item");
  EXPECT_EQ(told(filtered, "{}"), "the item");
}

TEST_F(SubscriptionFilter, OfDeletionsSeesTheFieldsOfTheDeletedRecord) {
  connection.start("s", "subscription S($filter: ModelSubscriptionItemFilterInput) { onDeleteItem(filter: $filter) { id } }",
                   R"({"filter":{"name":{"eq":"apple"}}})");
  connection.peer->take();
  for (const char* name : {"apple", "pear"}) {
    const auto id = "\"" + std::string(name) + "\"";
    story.get("mutation { createItem(input: {id: " + id + ", name: " + id + "}) { id } }");
    story.get("mutation { deleteItem(input: {id: " + id + ", _version: 1}) { id } }");
  }
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr(R"("id":"apple")")));
}

TEST_F(SubscriptionFilter, OwnersAreToldOfTheirOwn) {
  constexpr const char* owned = "subscription operation($owner: String!) { onCreateItem(owner: $owner) { id } }";
  EXPECT_EQ(told(owned, R"({"owner":"ada"})"), "the item");
  EXPECT_EQ(told(owned, R"({"owner":"bob"})"), "nothing");
  constexpr const char* both = "subscription S($filter: ModelSubscriptionItemFilterInput, $owner: String!) { "
                               "onCreateItem(filter: $filter, owner: $owner) { id } }";
  EXPECT_EQ(told(both, R"({"owner":"ada","filter":{"count":{"eq":5}}})"), "the item");
  EXPECT_EQ(told(both, R"({"owner":"ada","filter":{"count":{"eq":6}}})"), "nothing");
  EXPECT_EQ(told("subscription { onCreateItem(owner: null) { id } }", "{}"), "nothing") << "null asks for records of nobody";
}

// The words are those that DataStore looks for before it subscribes without the filter (spec/protocol.md section 2.6).
TEST_F(SubscriptionFilter, IsRefusedInTheWordsOfAppSync) {
  EXPECT_THAT(told_by(R"({"not":{"count":{"gt":5}}})"), HasSubstr("The variables input contains a field name 'not'"));
  EXPECT_THAT(told_by(R"({"and":[{"not":{"count":{"gt":5}}}]})"), HasSubstr("The variables input contains a field name 'not'"));
  EXPECT_THAT(told_by(R"({"nothing":{"gt":5}})"),
              HasSubstr("The variables input contains a field that is not defined for input object type"));
  EXPECT_THAT(told_by(R"({"name":{"size":{"gt":5}}})"),
              HasSubstr("The variables input contains a field that is not defined for input object type"));
}

}  // namespace
}  // namespace holdfast::server
