// The realtime connection and its subscriptions.
#include "client/auth/authorizer_testing.h"

namespace holdfast::auth::testing {
namespace {

Value refusal() { return protocol::error_payload("UnauthorizedException", "Token expired", 401); }

// C17: the owner whose records are listened to.
TEST_F(AuthorizerTest, NamesTheOwnerInSubscriptions) {
  use_all(user_pool(a_source()), {}, {rule("owner", "userPools")});
  make();
  run(event::Start{});
  const auto token = token_with(Object{{"username", "ann"}});
  give(token);
  EXPECT_EQ(handshake().at("Authorization"), Value(token));
  EXPECT_EQ(handshake().at("host"), Value("127.0.0.1:1"));
  acknowledge();
  ASSERT_THAT(frames, SizeIs(3));
  EXPECT_THAT(frames[0].query, HasSubstr("subscription operation($owner: String!) {\n  onCreatePost(owner: $owner) {"));
  EXPECT_EQ(json::write(frames[0].variables), R"({"owner":"ann"})");
  EXPECT_EQ(frames[0].authorization.at("Authorization"), Value(token));
}

TEST_F(AuthorizerTest, ConnectsAgainSoonWithANewTokenWhenTheConnectionIsRefused) {
  use(user_pool(a_source()));
  make();
  run(event::Start{});
  give("token-1");
  run(event::SocketOpened{opened.back().id});
  frame(FrameType::connection_error, {}, refusal());
  EXPECT_THAT(errors, IsEmpty());
  wake_after(world.options.retry_delay_min);
  give("token-2");
  ASSERT_THAT(opened, SizeIs(2));
  EXPECT_EQ(handshake().at("Authorization"), Value("token-2"));
  run(event::SocketOpened{opened.back().id});
  frame(FrameType::connection_error, {}, refusal());
  EXPECT_THAT(errors, SizeIs(1)) << "refused with a new token, too";
  wake_after(world.options.retry_delay_min * 4);
  EXPECT_THAT(opened, SizeIs(2)) << "the service is left alone for a while";
  wake_after(world.options.retry_delay_max);
  EXPECT_THAT(opened, SizeIs(3));
}

TEST_F(AuthorizerTest, ConnectsInTheNextModeWhenOneIsRefused) {
  use_all(api_key("da2-key"), {user_pool(a_source())}, {rule("owner", "userPools"), rule("public", "apiKey")});
  make();
  run(event::Start{});
  give("token-1");
  run(event::SocketOpened{opened.back().id});
  frame(FrameType::connection_error, {}, refusal());
  wake_after(world.options.retry_delay_min);
  give("token-2");
  run(event::SocketOpened{opened.back().id});
  frame(FrameType::connection_error, {}, refusal());
  wake_after(world.options.retry_delay_min * 2);
  EXPECT_EQ(handshake().at("x-api-key"), Value("da2-key"));
  acknowledge();
  EXPECT_EQ(frames.at(0).authorization.at("Authorization"), Value("token-2")) << "a subscription has modes of its own";
}

// At the start: the same subscription once more, with a new token; then in the next mode; then without it.
TEST_F(AuthorizerTest, StartsARefusedSubscriptionAgain) {
  use_all(api_key("da2-key"), {user_pool(a_source())}, {rule("owner", "userPools"), rule("public", "apiKey")});
  make();
  run(event::Start{});
  give("token-1");
  acknowledge();
  const auto starts = std::exchange(frames, {});
  ASSERT_THAT(starts, SizeIs(3));
  frame(FrameType::error, starts[0].id, refusal());
  give("token-2");
  ASSERT_THAT(frames, SizeIs(1));
  EXPECT_EQ(frames[0].id, starts[0].id);
  EXPECT_EQ(frames[0].authorization.at("Authorization"), Value("token-2"));
  frame(FrameType::error, starts[0].id, refusal());
  ASSERT_THAT(frames, SizeIs(2));
  EXPECT_EQ(frames[1].authorization.at("x-api-key"), Value("da2-key"));
  frame(FrameType::error, starts[0].id, refusal());
  EXPECT_THAT(errors, SizeIs(1));
  frame(FrameType::start_ack, starts[1].id);
  frame(FrameType::start_ack, starts[2].id);
  EXPECT_THAT(asked, SizeIs(1)) << "the others live, and the model is fetched";
  EXPECT_THAT(opened, SizeIs(1));
}

// What was missed while the subscription was dead is fetched.
TEST_F(AuthorizerTest, ConnectsAgainAndCatchesUpWhenARunningSubscriptionIsEnded) {
  use(user_pool(a_source()));
  go_live();
  const auto id = frames.at(1).id;
  frame(FrameType::error, id, refusal());
  EXPECT_THAT(errors, IsEmpty());
  wake_after(world.options.retry_delay_min);
  give("token-2");
  subscribe();
  EXPECT_THAT(asked, SizeIs(1));
  EXPECT_EQ(sent("authorization"), "token-2");
  answer(page("syncPosts", {}));
  frame(FrameType::error, frames.at(1).id, refusal());
  EXPECT_THAT(errors, SizeIs(1)) << "a service that ends each of them at once is left alone for a while";
  wake_after(world.options.retry_delay_min * 4);
  EXPECT_THAT(opened, SizeIs(2));
}

TEST_F(AuthorizerTest, ForgetsWhatWaitedForASocketThatIsGone) {
  use(user_pool(a_source()));
  make();
  run(event::Start{});
  run(event::Online{false});
  give("token-1");
  EXPECT_THAT(opened, IsEmpty());
  run(event::Online{true});
  EXPECT_THAT(opened, SizeIs(1));
}

TEST_F(AuthorizerTest, LeavesOtherFramesAlone) {
  use(user_pool(a_source()));
  go_live();
  frame(FrameType::data, frames.at(0).id,
        Object{{"data", Object{{"onCreatePost", item(world.post_of("p", "Unauthorized: Token expired", 1), 1)}}}});
  EXPECT_TRUE(world.row(world.post, "p").has_value());
  frame(FrameType::error, frames.at(1).id, protocol::error_payload("LimitExceeded", "Unauthorized? No: too many"));
  EXPECT_THAT(questions, IsEmpty());
  EXPECT_THAT(errors, SizeIs(1));
}

}  // namespace
}  // namespace holdfast::auth::testing
