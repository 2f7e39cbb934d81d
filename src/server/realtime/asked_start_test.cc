// Subscriptions with a @function or an @http of their own: it is called when they start, and may refuse them.
#include "server/realtime/asked_start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::FakeFunctions;
using testing::Ground;
using testing::ScriptedDecider;
using testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* chat_schema = R"(
  type Message @model { id: ID! room: ID text: String! author: Author @belongsTo }
  type Author @model { id: ID! messages: [Message] @hasMany }
  type Bell { room: ID! tone: Int note: String @function(name: "note") }
  type Mutation { ring(room: ID!): Bell @function(name: "ring") }
  type Subscription {
    onRing(room: ID, how: AWSJSON): Bell @aws_subscribe(mutations: ["ring"]) @function(name: "door-${env}")
    onMessage(room: ID): Message
      @aws_subscribe(mutations: ["createMessage"]) @function(name: "door") @function(name: "floor")
    onMust: Bell! @aws_subscribe(mutations: ["ring"]) @function(name: "door")
    onPlain: Bell @aws_subscribe(mutations: ["ring"])
  })";

constexpr const char* ack = R"({"id":"s","type":"start_ack"})";

class AskedStartTest : public ::testing::Test {
 protected:
  void SetUp() override { connect(); }
  void connect(ServerOptions options = {}) {
    connection_.reset();
    story_.reset();
    const Ground ground{.functions = &functions_, .decider = decider_};
    story_ = std::make_unique<Story>(chat_schema, std::move(options), ground);
    connection_ = std::make_unique<Connection>(*story_);
    connection_->init();
  }
  void start(const std::string& fields, const std::string& id = "s") {
    connection_->start(id, "subscription { " + fields + " }", "{}", {{"x-api-key", "k"}, {"X-Test", "1"}});
  }
  /// From now on functions are called, and their answers heard, when a test lets them.
  void keep_waiting() { connection_->peer->keeps_works = true; }
  void ask(const std::string& mutation) { story_->get("mutation { " + mutation + " }"); }
  std::vector<std::string> frames() { return connection_->peer->take(); }
  static std::string refusal(const std::string& error) {
    return R"({"id":"s","type":"error","payload":{"errors":[{)" + error + "}]}}";
  }

  std::map<std::string, Result<Value>> answers_ = {
      {"onRing", Value()}, {"onMessage", Value()}, {"onMust", Value()}, {"note", Value("n")},
      {"ring", testing::parsed(R"({"room":"1","tone":3})")}};
  FakeFunctions functions_{[this](const Value& event) { return answers_.at(*event["fieldName"].as_string()); }};
  ScriptedDecider decider_;
  std::unique_ptr<Story> story_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(AskedStartTest, GivesTheFunctionTheEventOfTheTemplate) {
  start(R"(onRing(room: "1", how: "{\"a\":1}") { room })");
  ASSERT_EQ(functions_.names, std::vector<std::string>{"door"});
  EXPECT_EQ(testing::text(functions_.events.front()),
            R"({"typeName":"Subscription","fieldName":"onRing","arguments":{"room":"1","how":{"a":1}},"identity":null,)"
            R"("source":null,"request":{"headers":{"x-api-key":"k","x-test":"1"},"domainName":null},)"
            R"("prev":{"result":{}}})");
  EXPECT_THAT(frames(), ElementsAre(ack));
}

TEST_F(AskedStartTest, TellsOfMutationsAndNotOfWhatTheFunctionAnswered) {
  answers_["onRing"] = testing::parsed(R"({"room":"9","tone":1})");
  start("onRing { room tone }");
  EXPECT_THAT(frames(), ElementsAre(ack));
  ask(R"(ring(room: "1") { room tone })");
  EXPECT_THAT(frames(), ElementsAre(R"({"id":"s","type":"data","payload":{"data":{"onRing":{"room":"1","tone":3}}}})"));
  EXPECT_THAT(functions_.names, ElementsAre("door", "ring")) << "it is asked once, not for each delivery";
}

TEST_F(AskedStartTest, OfModelsAsksTheWholeChain) {
  start("onMessage { id text }");
  EXPECT_THAT(functions_.names, ElementsAre("door", "floor"));
  EXPECT_THAT(frames(), ElementsAre(ack));
  ask(R"(createMessage(input: {id: "m", text: "hi"}) { id })");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"({"data":{"onMessage":{"id":"m","text":"hi"}}})")));
}

TEST_F(AskedStartTest, IsRefusedInAppSyncsWordsWhenTheFunctionFails) {
  const std::pair<Code, const char*> cases[] = {{Code::rejected, "Lambda:Unhandled"},
                                                {Code::timed_out, "Lambda:ExecutionTimeoutException"},
                                                {Code::unavailable, "Lambda:ServiceException"},
                                                {Code::not_found, "NotServed"}};
  for (const auto& [code, type] : cases) {
    answers_["onRing"] = Error{code, "not you"};
    start("onRing { room }");
    EXPECT_THAT(frames(), ElementsAre(refusal(R"("errorType":")" + std::string(type) + R"(","message":"not you")")));
  }
  ask(R"(ring(room: "1") { room })");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AskedStartTest, IsRefusedWhenTheAnswerDoesNotFitWhatItAsksFor) {
  answers_["onRing"] = testing::parsed(R"({"tone":1})");
  start("onRing { tone }");
  EXPECT_THAT(frames(), ElementsAre(ack)) << "the room is not asked for";
  start("onRing { room }");
  EXPECT_THAT(frames(), ElementsAre(refusal(
      R"x("message":"Cannot return null for non-nullable type: 'ID' within parent 'Bell' (/onRing/room)")x")));
  start("onMust { room }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("Cannot return null for non-nullable type: 'Bell'")));
  answers_["onRing"] = Value("yes");
  start("onRing { room }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("MappingTemplate")));
}

TEST_F(AskedStartTest, AsksForTheMembersOfTheAnswerToo) {
  answers_["onRing"] = testing::parsed(R"({"room":"1"})");
  answers_["note"] = Error{Code::rejected, "torn"};
  start("onRing { note }");
  EXPECT_THAT(frames(), ElementsAre(refusal(R"("errorType":"Lambda:Unhandled","message":"torn")")));
}

TEST_F(AskedStartTest, IsAuthorizedAndReadBeforeTheFunctionIsCalled) {
  decider_.answer = [](const Question& question) {
    return Decision{.is_allowed = question.operation != Operation::listen};
  };
  start("onRing { room }");
  EXPECT_THAT(frames(), ElementsAre(
      refusal(R"("errorType":"Unauthorized","message":"Not Authorized to access onRing on type Subscription")")));
  decider_.answer = [](const Question&) { return Decision{}; };
  start("onRing(room: {}) { room }");
  start("onRing { no_such_field }");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("BadRequestException"), HasSubstr("BadRequestException")));
  EXPECT_THAT(functions_.names, IsEmpty());
}

TEST_F(AskedStartTest, IsAuthorizedStillWhenItsTurnComes) {
  keep_waiting();
  start("onRing { room }");
  decider_.answer = [](const Question&) { return Decision{.is_allowed = false}; };
  connection_->peer->run_works();
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("Not Authorized to access onRing on type Subscription")));
  EXPECT_THAT(functions_.names, IsEmpty());
}

TEST_F(AskedStartTest, HoldsUpNoFrameThatFollows) {
  keep_waiting();
  start("onRing { room }");
  start("onPlain { room }", "p");
  EXPECT_THAT(frames(), ElementsAre(R"({"id":"p","type":"start_ack"})"));
  ask(R"(ring(room: "1") { room })");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("id":"p")"))) << "who waits is told nothing";
  connection_->peer->run_works();
  EXPECT_THAT(frames(), ElementsAre(ack));
}

TEST_F(AskedStartTest, IsCancelledByItsStopBeforeTheFunctionIsCalledAndAfter) {
  keep_waiting();
  start("onRing { room }");
  connection_->say(R"({"id":"s","type":"stop"})");
  EXPECT_THAT(frames(), ElementsAre(R"({"id":"s","type":"complete"})"));
  connection_->peer->run_works();
  EXPECT_THAT(functions_.names, IsEmpty());
  answers_["onRing"] = Error{Code::rejected, "too late"};
  start("onRing { room }");
  const auto [work, done] = connection_->peer->works.front();
  work();
  connection_->say(R"({"id":"s","type":"stop"})");
  done();
  EXPECT_THAT(frames(), ElementsAre(R"({"id":"s","type":"complete"})")) << "neither acknowledged nor refused";
}

TEST_F(AskedStartTest, EndsWithItsConnection) {
  keep_waiting();
  start("onRing { room }");
  start("onMessage { id }", "m");
  const auto peer = connection_->peer;
  const auto [work, done] = peer->works.front();
  work();
  connection_->session->on_closed();
  done();
  connection_->session.reset();
  peer->run_works();
  EXPECT_THAT(peer->take(), IsEmpty());
  EXPECT_THAT(functions_.names, ElementsAre("door")) << "nobody is asked for who has left";
}

/// Clients start again when the acknowledgement is late: a function slower than they are patient would never be done.
TEST_F(AskedStartTest, ThatIsRepeatedWaitsForTheSameAnswer) {
  keep_waiting();
  start("onRing { room }");
  start("onRing { room }");
  EXPECT_EQ(connection_->peer->works.size(), 1U);
  start("onRing { tone }");
  connection_->peer->run_works();
  EXPECT_THAT(functions_.names, ElementsAre("door")) << "only what was asked for last";
  EXPECT_THAT(frames(), ElementsAre(ack));
  start("onPlain { room }");
  ask(R"(ring(room: "1") { room tone })");
  EXPECT_THAT(frames(), ElementsAre(ack, HasSubstr(R"("onPlain":{"room":"1"})")));
}

TEST_F(AskedStartTest, UnderAnIdThatIsOpenReplacesThatOneWhenItIsAnswered) {
  start("onPlain { room }");
  keep_waiting();
  start("onRing { room }");
  frames();
  ask(R"(ring(room: "1") { room })");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("onPlain")));
  connection_->peer->run_works();
  ask(R"(ring(room: "1") { room })");
  EXPECT_THAT(frames(), ElementsAre(ack, HasSubstr("onRing")));
}

TEST_F(AskedStartTest, ThatIsRefusedEndsWhatWasOpenUnderItsId) {
  start("onPlain { room }");
  answers_["onRing"] = Error{Code::rejected, "not you"};
  start("onRing { room }");
  EXPECT_THAT(frames(), ElementsAre(ack, HasSubstr(R"("type":"error")")));
  ask(R"(ring(room: "1") { room })");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(AskedStartTest, IsRefusedWhenTooManyWait) {
  keep_waiting();
  connection_->peer->works_max = 1;
  start("onRing { room }", "first");
  start("onRing { room }");
  const auto* message = R"("message":"Too many subscriptions wait for their functions; try again.")";
  EXPECT_THAT(frames(), ElementsAre(refusal(R"("errorType":"Lambda:ServiceException",)" + std::string(message))));
  connection_->peer->run_works();
  EXPECT_THAT(frames(), ElementsAre(R"({"id":"first","type":"start_ack"})"));
}

TEST_F(AskedStartTest, CountsWhileItWaitsInTheMemoryOfItsConnection) {
  connect({.subscription_bytes_max = 5'000});
  keep_waiting();
  start("onRing { room }", "1");
  start("onRing { tone }", "2");
  start("onRing { room tone }", "3");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("take too much memory")));
  connection_->say(R"({"id":"1","type":"stop"})");
  start("onRing { room tone }", "3");
  connection_->peer->run_works();
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("complete"), R"({"id":"2","type":"start_ack"})",
                                    R"({"id":"3","type":"start_ack"})"));
}

TEST_F(AskedStartTest, WithoutFunctionsNamesTheRemedy) {
  Story story(chat_schema);
  Connection connection(story);
  connection.init();
  connection.start("s", "subscription { onRing { room } }");
  EXPECT_THAT(connection.peer->take(), ElementsAre(HasSubstr("Set functions.door.url, or .command, in the settings.")));
}

}  // namespace
}  // namespace holdfast::server
