// Subscriptions of a model of which the device keeps a part.
#include <gmock/gmock.h>

#include "client/sync/subscriber.h"
#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using FrameType = protocol::ServerFrame::Type;

class SelectiveSubscriber : public ::testing::Test {
 protected:
  SelectiveSubscriber() {
    world.schema.models.resize(1);
    world.selection.choose(world.post, Predicate::all_of({Predicate::compare("rating", Op::lt, {5}),
                                                          Predicate::any_of({Predicate::compare("title", Op::eq, {"a"}),
                                                                             Predicate::compare("title", Op::eq, {"b"})})}));
  }
  Subscriber::Outcome frame(FrameType type, std::string id = {}, Value payload = {}) {
    effects.clear();
    return subscriber.on_frame(
        world.now, socket, protocol::write(protocol::ServerFrame{type, std::move(id), std::move(payload)}), effects);
  }
  /// The frames that start subscriptions, by their fields.
  std::vector<protocol::ClientFrame> starts() {
    std::vector<protocol::ClientFrame> frames;
    for (const auto& sent : all<effect::Subscribe>(effects)) {
      auto request = protocol::subscription_request(world.schema, *sent.model, sent.what, sent.filter);
      protocol::ClientFrame start{.type = protocol::ClientFrame::Type::start, .id = sent.subscription};
      start.query = std::move(request.query);
      start.variables = std::move(request.variables);
      frames.push_back(std::move(start));
    }
    return frames;
  }
  std::vector<protocol::ClientFrame> connect() {
    effects.clear();
    EXPECT_TRUE(subscriber.open(world.now, effects));
    socket = all<effect::OpenSocket>(effects).at(0).id;
    subscriber.on_opened(world.now, socket, effects);
    frame(FrameType::connection_ack);
    return starts();
  }
  static Value refusal(const char* message) { return protocol::error_payload("BadRequestException", message); }

  testing::World world;
  Subscriber subscriber{world.ports()};
  Effects effects;
  SocketId socket = 0;
  const Value filter = Object{{"and", List{Object{{"rating", Object{{"lt", 5}}}},
                                           Object{{"or", List{Object{{"title", Object{{"eq", "a"}}}},
                                                              Object{{"title", Object{{"eq", "b"}}}}}}}}}};
};

// S37, C03
TEST_F(SelectiveSubscriber, SubscribesWithTheFilterWhereLeavingMayWait) {
  world.options.leaving = Leaving::at_base_sync;
  const auto sent = connect();
  ASSERT_EQ(sent.size(), 3U);
  for (const auto& start : sent) {
    EXPECT_EQ(start.variables["filter"], filter);
    EXPECT_THAT(start.query, HasSubstr("subscription operation($filter: ModelSubscriptionPostFilterInput) {\n  on"));
    EXPECT_THAT(start.query, HasSubstr("Post(filter: $filter) {"));
  }
}

// S37: a service tells of an update only when the record still satisfies the filter.
TEST_F(SelectiveSubscriber, HearsOfEveryUpdateWhereLeavingMayNot) {
  const auto sent = connect();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].variables["filter"], filter);
  EXPECT_EQ(json::write(sent[1].variables), "{}");
  EXPECT_THAT(sent[1].query, HasSubstr("subscription operation {\n  onUpdatePost {"));
  EXPECT_EQ(sent[2].variables["filter"], filter);
}

// C16
TEST_F(SelectiveSubscriber, SubscribesAgainWithoutAFilterThatIsRefusedAndSaysSo) {
  auto sent = connect();
  EXPECT_FALSE(frame(FrameType::error, sent[0].id, refusal("Validation error of type UnknownArgument: Unknown field argument filter")).is_established);
  const auto failed = all<effect::Failed>(effects);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.error.code, Code::unsupported);
  EXPECT_EQ(failed[0].what.operation, "subscribe");
  const auto again = starts();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_NE(again[0].id, sent[0].id);
  EXPECT_THAT(again[0].query, HasSubstr("onCreatePost {"));
  frame(FrameType::start_ack, sent[1].id);
  frame(FrameType::error, sent[2].id, refusal("Unknown field argument filter: UnknownArgument: Unknown field argument filter"));
  EXPECT_THAT(all<effect::Failed>(effects), IsEmpty()) << "once a model";
  const auto last = starts();
  EXPECT_FALSE(frame(FrameType::start_ack, again[0].id).is_established);
  EXPECT_TRUE(frame(FrameType::start_ack, last.at(0).id).is_established);
  subscriber.close(effects);
  for (const auto& start : connect()) EXPECT_THAT(start.query, Not(HasSubstr("filter"))) << "the next connection knows";
}

// C16
TEST_F(SelectiveSubscriber, AnyOtherRefusalIsNotTheFilters) {
  const auto sent = connect();
  frame(FrameType::error, sent[0].id, refusal("Not Authorized to access onCreatePost on type Subscription"));
  EXPECT_THAT(starts(), IsEmpty());
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
}

// S38
TEST_F(SelectiveSubscriber, WhatNoFilterCanSayIsNotTried) {
  world.selection = {};
  world.selection.choose(world.post, Predicate::negation(Predicate::compare("rating", Op::lt, {5})));
  for (const auto& start : connect()) EXPECT_THAT(start.query, Not(HasSubstr("filter")));
}

TEST_F(SelectiveSubscriber, DoesNotSubscribeToWhatItIsNotToAskFor) {
  world.selection = {};
  world.selection.leave_alone(world.post);
  EXPECT_THAT(connect(), IsEmpty());
  subscriber.close(effects);
  world.selection = {};
  world.selection.choose(world.post, Predicate::any_of({}));
  EXPECT_THAT(connect(), IsEmpty());
}

}  // namespace
}  // namespace holdfast::sync
