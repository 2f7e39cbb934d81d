#include "client/sync/subscriber.h"

#include <gmock/gmock.h>

#include "client/sync/testing.h"

namespace holdfast::sync {
namespace {

using testing::all;
using testing::item;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using FrameType = protocol::ServerFrame::Type;

class SubscriberTest : public ::testing::Test {
 protected:
  Subscriber::Outcome frame(FrameType type, std::string id = {}, Value payload = {}) {
    effects.clear();
    return subscriber.on_frame(world.now, socket, protocol::write(protocol::ServerFrame{type, std::move(id), std::move(payload)}), effects);
  }
  void open() {
    ASSERT_TRUE(subscriber.open(world.now, effects));
    const auto opened = all<effect::OpenSocket>(effects);
    ASSERT_EQ(opened.size(), 1U);
    socket = opened[0].id;
    request = opened[0].request;
  }
  void acknowledge() {
    open();
    effects.clear();
    subscriber.on_opened(world.now, socket, effects);
    greeting = all<effect::SendFrame>(effects);
    EXPECT_TRUE(frame(FrameType::connection_ack, {}, Object{{"connectionTimeoutMs", 60'000}}).is_acknowledged);
    for (const auto& sent : all<effect::Subscribe>(effects)) {
      starts.push_back({sent.subscription, protocol::subscription_field(*sent.model, sent.what)});
    }
  }
  void establish() {
    acknowledge();
    for (const auto& start : starts) frame(FrameType::start_ack, start.id);
    ASSERT_EQ(subscriber.state(), Subscriber::State::established);
  }

  testing::World world;
  Subscriber subscriber{world.ports()};
  Effects effects;
  SocketId socket = 0;
  SocketRequest request;
  std::vector<effect::SendFrame> greeting;
  struct Start {
    std::string id;
    std::string field;
  };
  std::vector<Start> starts;
};

// Protocol sections 2.1 to 2.3
TEST_F(SubscriberTest, GreetsAndStartsThreeSubscriptionsAModel) {
  acknowledge();
  EXPECT_EQ(request.url, "ws://127.0.0.1:1/graphql/realtime");
  EXPECT_THAT(request.protocols, ::testing::ElementsAre("graphql-ws"));
  ASSERT_EQ(greeting.size(), 1U);
  EXPECT_EQ(greeting[0].frame, R"({"type":"connection_init"})");
  ASSERT_EQ(starts.size(), 9U);
  EXPECT_EQ(starts[0].field, "onCreatePost");
  EXPECT_EQ(subscriber.state(), Subscriber::State::starting);
}

// C01: hydration may begin only when every subscription was answered. C07: and begins once, though an answer comes twice.
TEST_F(SubscriberTest, IsEstablishedWithTheLastAnswer) {
  acknowledge();
  for (std::size_t at = 0; at < starts.size(); ++at) {
    EXPECT_EQ(frame(FrameType::start_ack, starts[at].id).is_established, at + 1 == starts.size());
  }
  EXPECT_FALSE(frame(FrameType::start_ack, starts[0].id).is_established);
}

// C05, section 2.6
TEST_F(SubscriberTest, ARefusedSubscriptionIsReportedAndCountsAsAnswered) {
  acknowledge();
  for (std::size_t at = 1; at < starts.size(); ++at) frame(FrameType::start_ack, starts[at].id);
  const auto outcome =
      frame(FrameType::error, starts[0].id, protocol::error_payload("Unauthorized", "not for you"));
  EXPECT_TRUE(outcome.is_established);
  EXPECT_FALSE(outcome.lost.has_value());
  const auto failed = all<effect::Failed>(effects);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].what.model, "Post");
  EXPECT_EQ(failed[0].what.operation, "subscribe");
  EXPECT_EQ(failed[0].what.error_type, "Unauthorized");
  EXPECT_EQ(failed[0].what.error.code, Code::unauthorized);
}

// Section 2.5
TEST_F(SubscriberTest, LosesAConnectionThatIsNotAnswered) {
  open();
  EXPECT_EQ(subscriber.wake_at(), world.now.ticks + Milliseconds(15'000));
  EXPECT_FALSE(subscriber.on_wake(world.now).lost.has_value());
  world.advance(Milliseconds(15'000));
  ASSERT_TRUE(subscriber.on_wake(world.now).lost.has_value());
}

TEST_F(SubscriberTest, LosesAConnectionWhoseSubscriptionsAreNotAnswered) {
  acknowledge();
  frame(FrameType::start_ack, starts[0].id);
  world.advance(Milliseconds(15'000));
  ASSERT_TRUE(subscriber.on_wake(world.now).lost.has_value());
}

// Section 2.4
TEST_F(SubscriberTest, AnyFrameBreaksTheSilence) {
  establish();
  world.advance(Milliseconds(59'000));
  frame(FrameType::keep_alive);
  world.advance(Milliseconds(59'000));
  EXPECT_FALSE(subscriber.on_wake(world.now).lost.has_value());
  world.advance(Milliseconds(1'000));
  ASSERT_TRUE(subscriber.on_wake(world.now).lost.has_value());
  EXPECT_EQ(subscriber.on_wake(world.now).lost->code, Code::timed_out);
}

TEST_F(SubscriberTest, TellsARefusedConnectionFromABrokenOne) {
  open();
  subscriber.on_opened(world.now, socket, effects);
  const auto refused = frame(FrameType::connection_error, {}, protocol::error_payload("UnauthorizedException", "", 401));
  EXPECT_EQ(refused.lost->code, Code::unauthorized);
  const auto broken = frame(FrameType::connection_error, {}, protocol::error_payload("InternalFailure", "", 500));
  EXPECT_EQ(broken.lost->code, Code::unavailable);
}

// C13
TEST_F(SubscriberTest, GivesTheRecordsItReceives) {
  establish();
  const auto outcome = frame(FrameType::data, starts[0].id,
                             Object{{"data", Object{{"onCreatePost", item(world.post_of("p", "a", 1), 3)}}}});
  ASSERT_EQ(outcome.inbound.size(), 1U);
  EXPECT_EQ(outcome.inbound[0].record, world.post_of("p", "a", 1));
  EXPECT_EQ(outcome.inbound[0].metadata.version, 3);
}

// H05
TEST_F(SubscriberTest, SkipsRecordsWithErrorsAndSaysSo) {
  establish();
  auto payload = protocol::error_payload("MappingTemplate", "Cannot return null");
  payload.as_object()->set("data", Object{{"onCreatePost", item(world.post_of("p", "a", 1), 3)}});
  EXPECT_THAT(frame(FrameType::data, starts[0].id, payload).inbound, IsEmpty());
  ASSERT_EQ(all<effect::Failed>(effects).size(), 1U);
  EXPECT_EQ(all<effect::Failed>(effects)[0].what.model, "Post");
  EXPECT_EQ(all<effect::Failed>(effects)[0].what.error_type, "MappingTemplate");
  EXPECT_THAT(all<effect::Failed>(effects)[0].what.error.message, ::testing::HasSubstr("Cannot return null"));
  EXPECT_THAT(frame(FrameType::data, starts[0].id, Object{{"data", Object{{"onCreatePost", nullptr}}}}).inbound, IsEmpty());
  EXPECT_THAT(frame(FrameType::data, "stranger", Object{{"data", Object{}}}).inbound, IsEmpty());
  EXPECT_THAT(frame(FrameType::data, starts[0].id, Object{{"data", Object{{"onCreatePost", Object{{"title", "x"}}}}}}).inbound,
              IsEmpty());
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
}

TEST_F(SubscriberTest, AnUnreadableFrameIsReportedAndPassedOver) {
  establish();
  effects.clear();
  EXPECT_FALSE(subscriber.on_frame(world.now, socket, "{", effects).lost.has_value());
  EXPECT_EQ(all<effect::Failed>(effects).size(), 1U);
}

TEST_F(SubscriberTest, KnowsOnlyItsOwnSocket) {
  establish();
  EXPECT_FALSE(subscriber.on_closed(socket + 1, Error{Code::unavailable, "old"}).lost.has_value());
  EXPECT_TRUE(subscriber.on_closed(socket, Error{Code::unavailable, "gone"}).lost.has_value());
  effects.clear();
  subscriber.close(effects);
  EXPECT_EQ(all<effect::CloseSocket>(effects).size(), 1U);
  EXPECT_FALSE(subscriber.on_closed(socket, Error{Code::unavailable, "late"}).lost.has_value());
  EXPECT_FALSE(subscriber.wake_at().has_value());
}

}  // namespace
}  // namespace holdfast::sync
