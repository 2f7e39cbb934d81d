// Subscriptions to mutations that a function of the author's answers.
#include <gmock/gmock.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::FakeFunctions;
using testing::Ground;
using testing::ScriptedDecider;
using testing::Story;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* chat_schema = R"(
  type Message @model { id: ID! room: ID text: String! note: String @function(name: "note") replies: [Reply] @hasMany }
  type Reply @model { id: ID! }
  interface Signal { room: ID! }
  type Bell implements Signal { room: ID! tone: Int! tags: [String] }
  type Mutation {
    post(room: ID): Message @function(name: "post")
    ring(room: ID!): Bell! @function(name: "ring")
    ringAll: [Bell] @function(name: "ringAll")
    signal: Signal @function(name: "ring")
    count: Int @function(name: "count")
  }
  type Subscription {
    onPost(room: ID): Message @aws_subscribe(mutations: ["post", "createMessage"])
    onRing(room: ID, tags: String): Bell @aws_subscribe(mutations: ["ring"])
    onRingAll: [Bell] @aws_subscribe(mutations: ["ringAll"])
    onSignal: Signal @aws_subscribe(mutations: ["signal"])
    onCount: Int @aws_subscribe(mutations: ["count"])
    onOther: Reply @aws_subscribe(mutations: ["post"])
  })";

class AnsweredSubscription : public ::testing::Test {
 protected:
  void SetUp() override { connection_.init(); }
  void listen(const std::string& query) {
    connection_.start("s", query, "{}");
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("start_ack")));
  }
  Value ask(const std::string& mutation) { return story_.ask("mutation { " + mutation + " }"); }
  std::vector<std::string> frames() { return connection_.peer->take(); }

  FakeFunctions functions_{[this](const Value& event) {
    asked_.push_back(*event["fieldName"].as_string());
    return answers_[asked_.back()];
  }};
  std::map<std::string, Result<Value>> answers_ = {
      {"post", testing::parsed(R"({"id": "m", "room": "1", "text": "hi", "note": "stored"})")},
      {"note", Value("noted")},
      {"ring", testing::parsed(R"({"__typename": "Bell", "room": "1", "tone": 3, "tags": ["a", "b"]})")},
      {"ringAll", testing::parsed(R"([{"room": "1", "tone": 3}, {"room": "2", "tone": 4}])")},
      {"signal", testing::parsed(R"({"__typename": "Bell", "room": "1", "tone": 3})")},
      {"count", Value(7)}};
  std::vector<std::string> asked_;
  Decision listening_ = {};
  ScriptedDecider decider_{
      [this](const Question& question) { return question.operation == Operation::listen ? listening_ : Decision{}; }};
  Story story_{chat_schema, {}, Ground{.functions = &functions_, .decider = decider_}};
  Connection connection_{story_};
};

TEST_F(AnsweredSubscription, IsToldWhatTheMutationAnsweredAndNoMoreThanItAskedFor) {
  listen("subscription { onPost { id text note room replies { items { id } } } }");
  ask("post(room: \"1\") { key: id text note }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(
      R"({"data":{"onPost":{"id":"m","text":"hi","note":"noted","room":null,"replies":null}}})")));
  EXPECT_THAT(asked_, ElementsAre("post", "note")) << "nothing is called for a subscription";
}

TEST_F(AnsweredSubscription, SaysWhatItLacksWhereTheMutationDidNotAskForIt) {
  listen("subscription { onPost { id text } }");
  ask("post { id }");
  EXPECT_THAT(frames(), ElementsAre(AllOf(
      HasSubstr(R"("data":{"onPost":null})"),
      HasSubstr("Cannot return null for non-nullable type: 'String' within parent 'Message' (/onPost/text)"))));
}

TEST_F(AnsweredSubscription, HearsOfWritesOfItsModelAsWell) {
  listen("subscription { onPost(room: \"1\") { id text } }");
  ask(R"(createMessage(input: {id: "c", room: "1", text: "made"}) { id })");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"({"data":{"onPost":{"id":"c","text":"made"}}})")));
}

TEST_F(AnsweredSubscription, IsNarrowedByWhatTheMutationAskedFor) {
  listen("subscription { onPost(room: \"1\") { id } }");
  ask("post { id }");
  EXPECT_THAT(frames(), IsEmpty()) << "no room was asked for";
  ask("post { id room }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("onPost":{"id":"m"})")));
  answers_["post"] = testing::parsed(R"({"id": "m", "room": "2", "text": "hi"})");
  ask("post { id room }");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AnsweredSubscription, ArgumentsNarrowOtherTypesToo) {
  listen("subscription { onRing(room: \"1\", tags: \"b\") { tone } }");
  ask("ring(room: \"1\") { room tone tags }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"({"data":{"onRing":{"tone":3}}})")));
  ask("ring(room: \"1\") { room tone }");
  EXPECT_THAT(frames(), IsEmpty());
  answers_["ring"] = testing::parsed(R"({"room": "1", "tone": 3, "tags": ["a"]})");
  ask("ring(room: \"1\") { room tone tags }");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AnsweredSubscription, TellsListsScalarsAndInterfaces) {
  listen("subscription { onRingAll { room tone } }");
  ask("ringAll { room tone } count");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("onRingAll":[{"room":"1","tone":3},{"room":"2","tone":4}])")));
  connection_.start("n", "subscription { onCount }", "{}");
  connection_.start("i", "subscription { onSignal { room ... on Bell { tone } } }", "{}");
  frames();
  ask("count signal { what: __typename ...bell } } fragment bell on Bell { room tone");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"({"data":{"onCount":7}})"), HasSubstr(R"("onSignal":{"room":"1","tone":3})")));
}

TEST_F(AnsweredSubscription, HearsOfEachCallInTheirOrderAndOfNoFailure) {
  listen("subscription { onRing { room } }");
  ask(R"(one: ring(room: "1") { tone room } two: ring(room: "2") { room })");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("onRing"), HasSubstr("onRing")));
  answers_["ring"] = Error{Code::unavailable, "broken"};
  ask("ring(room: \"1\") { room }");
  answers_["count"] = Value();
  connection_.start("n", "subscription { onCount }", "{}");
  frames();
  ask("count");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AnsweredSubscription, EndsWithItsStop) {
  listen("subscription { onRing { room } }");
  connection_.say(R"({"id":"s","type":"stop"})");
  frames();
  ask("ring(room: \"1\") { room }");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AnsweredSubscription, PassesTheDecisionPointAtEachDelivery) {
  listen("subscription { onPost { id } }");
  connection_.start("r", "subscription { onRing { room } }", "{}");
  frames();
  listening_.rows = Predicate::compare("room", Op::eq, {Value("2")});
  ask("post { id room } ring(room: \"1\") { room }");
  EXPECT_THAT(frames(), IsEmpty()) << "of what is no record, no row can be admitted";
  answers_["post"] = testing::parsed(R"({"id": "m", "room": "2", "text": "hi"})");
  ask("post { id room }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("onPost")));
  listening_ = {.is_allowed = false};
  ask("post { id room } ring(room: \"1\") { room }");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AnsweredSubscription, IsRefusedOfAnotherType) {
  connection_.start("s", "subscription { onOther { id } }", "{}");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("OperationDisabled")));
}

}  // namespace
}  // namespace holdfast::server
