// Devices whose clock is wrong: what IAM signs has to be of the service's time.
#include "base/instant.h"
#include "client/auth/authorizer_testing.h"

namespace holdfast::auth::testing {
namespace {

/// Signs with the time, so that it can be seen.
std::vector<std::pair<std::string, std::string>> time_signer(const SignedParts& parts, std::string_view /*region*/,
                                                             const IamCredentials& credentials) {
  return {{"authorization", credentials.secret_access_key + " " + iso8601(parts.now)}};
}

/// The device believes that it is 08:00 on 2027-01-15; the service's answers say 09:00, unless a test says otherwise.
class AuthorizerClockTest : public AuthorizerTest {
 protected:
  AuthorizerClockTest() {
    use(IamAuth{"eu-west-1", [](const CredentialsAnswer<IamCredentials>&) {}, &time_signer});
    world.now.wall = from_epoch_ms(1'800'000'000'000);
  }
  HttpResponse refusal(const char* date = "Fri, 15 Jan 2027 09:00:00 GMT") {
    auto response = status(403);
    response.headers = {{"Date", date}};
    return response;
  }
  void give_keys(const char* secret) { give_all(IamCredentials{.access_key_id = "A", .secret_access_key = secret}); }
  /// Up to the answer to the first handshake.
  void shake_hands() {
    make();
    run(event::Start{});
    give_keys("one");
    EXPECT_EQ(handshake().at("authorization"), Value("one 2027-01-15T08:00:00.000Z"));
  }
  void refuse_handshake() {
    run(event::SocketOpened{opened.back().id});
    frame(FrameType::connection_error, {}, protocol::error_payload("UnauthorizedException", "Signature expired", 401));
  }
};

TEST_F(AuthorizerClockTest, ARefusedRequestIsSignedAgainAtTheServicesTime) {
  shake_hands();
  subscribe();
  EXPECT_EQ(sent("authorization"), "one 2027-01-15T08:00:00.000Z");
  answer(refusal());
  EXPECT_THAT(questions, IsEmpty()) << "the keys are as good as before";
  EXPECT_EQ(sent("authorization"), "one 2027-01-15T09:00:00.000Z");
  answer(page("syncPosts", {}));
  save("p");
  EXPECT_EQ(sent("authorization"), "one 2027-01-15T09:00:00.000Z") << "from now on";
  answer(created("p"));
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(AuthorizerClockTest, WhatAwsToleratesIsNotCorrected) {
  shake_hands();
  subscribe();
  answer(refusal("Fri, 15 Jan 2027 08:04:59 GMT"));
  give_keys("two");
  EXPECT_EQ(sent("authorization"), "two 2027-01-15T08:00:00.000Z");
}

TEST_F(AuthorizerClockTest, AServiceWhoseTimeJumpsIsNotAskedWithoutEnd) {
  shake_hands();
  subscribe();
  answer(refusal());
  answer(refusal("Fri, 15 Jan 2027 12:00:00 GMT"));
  give_keys("two");
  answer(refusal("Fri, 15 Jan 2027 20:00:00 GMT"));
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(errors, SizeIs(1));
}

// The handshake comes first, and its refusal carries no time.
TEST_F(AuthorizerClockTest, ARefusedHandshakeAsksWhatTimeItIs) {
  shake_hands();
  refuse_handshake();
  EXPECT_EQ(sent("authorization"), "");
  answer(refusal());
  wake_after(world.options.retry_delay_min);
  ASSERT_THAT(opened, SizeIs(2));
  EXPECT_THAT(questions, IsEmpty());
  EXPECT_THAT(handshake().at("authorization").as_string()->substr(0, 20), "one 2027-01-15T09:00");
  acknowledge();
  EXPECT_THAT(frames.at(0).authorization.at("authorization").as_string()->substr(0, 20), "one 2027-01-15T09:00");
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(AuthorizerClockTest, SoDoesAHandshakeThatIsRefusedByItsStatus) {
  shake_hands();
  run(event::SocketClosed{opened.back().id, Error{Code::unauthorized, "403"}});
  answer(refusal());
  wake_after(world.options.retry_delay_min);
  EXPECT_THAT(handshake().at("authorization").as_string()->substr(0, 20), "one 2027-01-15T09:00");
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(AuthorizerClockTest, WhenTheClockIsRightTheKeysAreRenewed) {
  shake_hands();
  refuse_handshake();
  answer(refusal("Fri, 15 Jan 2027 08:00:00 GMT"));
  wake_after(world.options.retry_delay_min);
  give_keys("two");
  EXPECT_THAT(handshake().at("authorization").as_string()->substr(0, 20), "two 2027-01-15T08:00");
  refuse_handshake();
  EXPECT_THAT(asked, IsEmpty()) << "the time is known";
  EXPECT_THAT(errors, SizeIs(1));
}

TEST_F(AuthorizerClockTest, NorIsItAskedForOtherCredentials) {
  use(user_pool(a_source()));
  make();
  run(event::Start{});
  give("token-1");
  refuse_handshake();
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(AuthorizerClockTest, WhenTheTimeCannotBeHadTheKeysAreRenewed) {
  shake_hands();
  refuse_handshake();
  answer(Error{Code::unavailable, "no line"});
  wake_after(world.options.retry_delay_min);
  give_keys("two");
  EXPECT_THAT(opened, SizeIs(2));
}

}  // namespace
}  // namespace holdfast::auth::testing
