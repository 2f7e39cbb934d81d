// Subscriptions that the author wrote, to writes of a model.
#include <gmock/gmock.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Connection;
using testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* chat_schema = R"(
  type Message @model(subscriptions: null) { id: ID! room: ID! text: String }
  type Note @model { id: ID! }
  type Mutation { ring(room: ID!): Message }
  type Subscription {
    onMessageIn(room: ID!): Message @aws_subscribe(mutations: ["createMessage"])
    onChangeIn(room: ID!): Message @aws_subscribe(mutations: ["updateMessage", "deleteMessage"])
    onRing(room: ID!): Message @aws_subscribe(mutations: ["createMessage", "ring"])
  })";

class WrittenSubscription : public ::testing::Test {
 protected:
  void SetUp() override { connection_.init(); }
  void write(const std::string& mutation) {
    const auto answer = story_.ask("mutation { " + mutation + " { id } }");
    EXPECT_TRUE(answer["errors"].is_null());
  }
  auto frames() { return connection_.peer->take(); }

  Story story_{chat_schema};
  Connection connection_{story_};
};

TEST_F(WrittenSubscription, IsToldOfItsMutationAndItsArgumentsOnly) {
  connection_.start("s", "subscription { onMessageIn(room: \"1\") { id text } }", "{}");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("start_ack")));
  write(R"(createMessage(input: {id: "a", room: "1", text: "hi"}))");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"({"data":{"onMessageIn":{"id":"a","text":"hi"}}})")));
  write(R"(createMessage(input: {id: "b", room: "2"}))");
  write(R"(updateMessage(input: {id: "a", text: "ho", _version: 1}))");
  write(R"(deleteMessage(input: {id: "a", _version: 2}))");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(WrittenSubscription, IsToldOfSeveralMutations) {
  write(R"(createMessage(input: {id: "a", room: "1", text: "hi"}))");
  connection_.start("s", "subscription { onChangeIn(room: \"1\") { text _deleted } }", "{}");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("start_ack")));
  write(R"(updateMessage(input: {id: "a", text: "ho", _version: 1}))");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("onChangeIn":{"text":"ho","_deleted":null})")));
  write(R"(deleteMessage(input: {id: "a", _version: 2}))");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("onChangeIn":{"text":"ho","_deleted":true})")));
  connection_.say(R"({"id":"s","type":"stop"})");
  frames();
  write(R"(createMessage(input: {id: "b", room: "1"}))");
  write(R"(updateMessage(input: {id: "b", text: "he", _version: 1}))");
  EXPECT_THAT(frames(), IsEmpty());
}

TEST_F(WrittenSubscription, IsRefusedWhereAMutationIsNeitherAWriteOfTheModelNorAnswered) {
  connection_.start("s", "subscription { onRing(room: \"1\") { id } }", "{}");
  EXPECT_THAT(frames(), ElementsAre(HasSubstr("OperationDisabled")));
}

}  // namespace
}  // namespace holdfast::server
