// Filter inputs into predicates (spec/transformer.md section 2).
#include "server/resolve/filter.h"

#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::parsed;

class Filters : public ::testing::Test {
 protected:
  Filters() {
    image.record = Record(model);
    image.record["id"] = "p1";
    image.record["title"] = "Hello";
    image.record["rating"] = 7;
    image.record["tags"] = List{"a", "b"};
    image.record["status"] = "OPEN";
    image.record["done"] = false;
    image.metadata.version = 1;
  }
  bool admits(const std::string& filter) {
    const auto read = read_filter(model, parsed(filter));
    if (!read) ADD_FAILURE() << filter << ": " << read.error().message;
    return read && read->admits(image);
  }
  std::string refusal(const std::string& filter) {
    const auto read = read_filter(model, parsed(filter));
    return read ? "accepted" : read.error().message;
  }

  Schema schema = testing::schema_of(R"(
    enum Status { OPEN CLOSED }
    type Post @model { id: ID! title: String rating: Int score: Float tags: [String] status: Status done: Boolean note: String }
  )");
  const ModelSchema& model = schema.models.front();
  Image image;
};

TEST_F(Filters, EveryOperatorMeansWhatItSays) {
  for (const char* filter :
       {R"({"title":{"eq":"Hello"}})", R"({"title":{"ne":"x"}})", R"({"rating":{"lt":8}})", R"({"rating":{"le":7}})",
        R"({"rating":{"gt":6}})", R"({"rating":{"ge":7}})", R"({"rating":{"between":[7,9]}})",
        R"({"title":{"contains":"ell"}})", R"({"title":{"notContains":"xyz"}})", R"({"title":{"beginsWith":"He"}})",
        R"({"tags":{"contains":"a"}})", R"({"tags":{"notContains":"z"}})", R"({"status":{"eq":"OPEN"}})",
        R"({"done":{"eq":false}})", R"({"title":{"in":["x","Hello"]}})", R"({"title":{"notIn":["x"]}})",
        R"({"title":{"size":{"eq":5}}})", R"({"title":{"size":{"between":[4,6]}}})", R"({"tags":{"size":{"gt":1}}})",
        R"({"title":{"attributeExists":true}})", R"({"note":{"attributeExists":false}})",
        R"({"rating":{"attributeType":"number"}})", R"({"note":{"attributeType":"_null"}})",
        R"({"tags":{"attributeType":"list"}})", R"({"note":{"eq":null}})", R"({"title":{"ne":null}})"}) {
    EXPECT_TRUE(admits(filter)) << filter;
  }
  for (const char* filter :
       {R"({"title":{"eq":"hello"}})", R"({"rating":{"lt":7}})", R"({"rating":{"gt":7}})",
        R"({"rating":{"between":[8,9]}})", R"({"title":{"contains":"z"}})", R"({"title":{"beginsWith":"e"}})",
        R"({"tags":{"notContains":"a"}})", R"({"title":{"in":[]}})", R"({"title":{"size":{"eq":4}}})",
        R"({"note":{"attributeExists":true}})", R"({"rating":{"attributeType":"string"}})",
        R"({"note":{"beginsWith":"x"}})", R"({"rating":{"lt":null}})", R"({"tags":{"eq":"a"}})"}) {
    EXPECT_FALSE(admits(filter)) << filter;
  }
}

TEST_F(Filters, GroupsNest) {
  EXPECT_TRUE(admits(R"({"and":[{"title":{"beginsWith":"H"}},{"or":[{"rating":{"gt":9}},{"status":{"eq":"OPEN"}}]}]})"));
  EXPECT_FALSE(admits(R"({"not":{"title":{"eq":"Hello"}}})"));
  EXPECT_FALSE(admits(R"({"or":[]})"));
  EXPECT_TRUE(admits(R"({"and":[]})"));
  EXPECT_TRUE(admits("null"));
  EXPECT_TRUE(admits("{}"));
  EXPECT_FALSE(admits(R"({"title":{"eq":"Hello"},"rating":{"eq":1}})"));
}

TEST_F(Filters, DeletedIsTrueOnTombstonesAndNullOnOthers) {
  EXPECT_TRUE(admits(R"({"_deleted":{"ne":true}})"));
  EXPECT_FALSE(admits(R"({"_deleted":{"eq":true}})"));
  EXPECT_TRUE(admits(R"({"_deleted":{"attributeExists":false}})"));
  image.metadata.is_deleted = true;
  EXPECT_TRUE(admits(R"({"_deleted":{"eq":true}})"));
  EXPECT_FALSE(admits(R"({"_deleted":{"ne":true}})"));
}

TEST_F(Filters, AFieldOfAnotherModelIsNull) {
  EXPECT_FALSE(admits(R"({"postCommentsId":{"eq":"x"}})"));
  EXPECT_TRUE(admits(R"({"postCommentsId":{"attributeExists":false}})"));
  EXPECT_FALSE(admits(R"({"postCommentsId":{"size":{"gt":5}}})"));
  EXPECT_TRUE(admits(R"({"postCommentsId":{"size":{"ne":5}}})"));
}

TEST_F(Filters, WrongOnesAreRefusedByName) {
  EXPECT_EQ(refusal(R"({"rating":{"between":[1]}})"), "Post.rating: between takes two values");
  EXPECT_NE(refusal(R"({"title":{"like":"x"}})").find("Post.title: unknown operator \"like\""), std::string::npos);
  EXPECT_NE(refusal(R"({"rating":{"eq":"seven"}})"), "accepted");
  EXPECT_EQ(refusal(R"({"and":[{"or":[{"title":{"eq":"Hello"}},null]}]})"), "Post.or: has a null among its filters; leave it out");
  EXPECT_EQ(refusal(R"({"and":[null]})"), "Post.and: has a null among its filters; leave it out");
  std::string deep;
  for (int level = 0; level < 60; ++level) deep += R"({"not":)";
  deep += "{}" + std::string(60, '}');
  EXPECT_NE(refusal(deep).find("50 levels"), std::string::npos);
}

TEST_F(Filters, AreRefusedInTheWordsOfTheApi) {
  EXPECT_EQ(refusal(R"({"status":{"notIn":["OPEN",7]}})"), "Post.status: notIn takes a value of type Status name, not a integer");
  EXPECT_EQ(refusal(R"({"status":{"beginsWith":7}})"), "Post.status: beginsWith takes a value of type Status name, not a integer");
  EXPECT_EQ(refusal(R"({"rating":{"beginsWith":"7"}})"), "Post.rating: beginsWith needs a string field");
  EXPECT_EQ(refusal(R"({"rating":{"notContains":7}})"), "Post.rating: notContains needs a string or list field");
  EXPECT_EQ(refusal(R"({"rating":{"notIn":7}})"), "Post.rating: notIn takes a list");
  EXPECT_EQ(refusal(R"({"rating":{"size":{"notIn":[7]}}})"), "Post.rating: notIn on size needs a string or list field");
}

TEST_F(Filters, KeyConditionsCompareFieldByField) {
  const auto holds = [&](const std::string& input) {
    const auto read = read_composite_condition(model, {"title", "rating"}, parsed(input));
    EXPECT_TRUE(read) << input;
    return read && evaluate(*read, image.record);
  };
  EXPECT_TRUE(holds(R"({"eq":{"title":"Hello","rating":7}})"));
  EXPECT_TRUE(holds(R"({"eq":{"title":"Hello"}})"));
  EXPECT_TRUE(holds(R"({"lt":{"title":"Hello","rating":8}})"));
  EXPECT_TRUE(holds(R"({"lt":{"title":"Z","rating":1}})"));
  EXPECT_FALSE(holds(R"({"lt":{"title":"Hello","rating":7}})"));
  EXPECT_TRUE(holds(R"({"ge":{"title":"Hello","rating":7}})"));
  EXPECT_TRUE(holds(R"({"beginsWith":{"title":"He"}})"));
  EXPECT_TRUE(holds(R"({"between":[{"title":"A"},{"title":"Hello","rating":7}]})"));
}

}  // namespace
}  // namespace holdfast::server
