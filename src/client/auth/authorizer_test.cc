#include "client/auth/authorizer_testing.h"

namespace holdfast::auth::testing {
namespace {

const HttpResponse unauthorized{.status = 401,
                                .headers = {{"x-amzn-errortype", "UnauthorizedException"}},
                                .body = R"({"errors":[{"errorType":"UnauthorizedException","message":"not you"}]})"};

// A02
TEST_F(AuthorizerTest, UsesTheModeOfTheApiWhenThereIsNoStrategy) {
  use(api_key("da2-key"));
  world.options.more_auth = {user_pool(a_source())};
  world.schema.models[0].rules = {rule("owner", "userPools")};
  go_live();
  save("p");
  EXPECT_EQ(sent("x-api-key"), "da2-key");
  EXPECT_THAT(questions, IsEmpty());
}

// A03
TEST_F(AuthorizerTest, TakesWhatAStrategyAnswersOneModeOrSeveralOrNone) {
  std::vector<AuthMode> answered;
  use(api_key("da2-key"));
  world.options.more_auth = {Anonymous{}};
  world.options.auth_strategy = [&answered](const AuthSituation&) { return answered; };
  go_live();
  save("none");
  EXPECT_EQ(sent("x-api-key"), "da2-key") << "the API's default";
  answer(created("none"));
  answered = {AuthMode::none};
  save("one");
  EXPECT_EQ(sent("x-api-key"), "");
  answer(created("one"));
  answered = {AuthMode::lambda, AuthMode::none, AuthMode::none, AuthMode::api_key};
  save("several");
  EXPECT_EQ(sent("x-api-key"), "") << "a mode without credentials is passed over";
  answer(unauthorized);
  EXPECT_EQ(sent("x-api-key"), "da2-key");
  answer(created("several"));
  EXPECT_THAT(outbox(), IsEmpty());
}

TEST_F(AuthorizerTest, SendsATokenRawAndKeepsItForTheNextRequests) {
  use(user_pool(a_source()));
  go_live();
  save("p");
  EXPECT_EQ(sent("authorization"), "token-1");
  answer(created("p"));
  save("q");
  EXPECT_EQ(sent("authorization"), "token-1");
  EXPECT_THAT(questions, IsEmpty());
}

// Expiry in mid-flight: every change under way is sent again with one new token, under its own name.
TEST_F(AuthorizerTest, AsksOnceForANewTokenAndLosesNothingWhenOneExpiresUnderWay) {
  use(oidc(a_source()));
  go_live();
  save("p");
  save("q");
  ASSERT_THAT(asked, SizeIs(2));
  const auto name = sent("x-holdfast-mutation");
  answer(unauthorized);
  answer(unauthorized);
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(outbox(), SizeIs(2));
  give("token-2");
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(sent("authorization"), "token-2");
  EXPECT_EQ(sent("x-holdfast-mutation"), name);
  answer(created("p"));
  answer(created("q"));
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(AuthorizerTest, AsksBeforeSendingWhatWouldBeLate) {
  use(user_pool(a_source()));
  go_live();
  save("p");
  answer(unauthorized);
  give(AuthToken{.text = "short", .expires_at = world.now.wall + Milliseconds(60'000)});
  answer(created("p"));
  world.advance(Milliseconds(55'000));
  save("q");
  EXPECT_THAT(asked, IsEmpty());
  ASSERT_THAT(questions, SizeIs(1));
  give("long");
  EXPECT_EQ(sent("authorization"), "long");
}

// A device whose clock is ahead would else never send anything.
TEST_F(AuthorizerTest, BelievesTheSourceMoreThanTheClock) {
  use(user_pool(a_source()));
  make();
  run(event::Start{});
  give(AuthToken{.text = "over", .expires_at = from_epoch_ms(1)});
  ASSERT_THAT(opened, SizeIs(1));
  EXPECT_EQ(handshake().at("Authorization"), Value("over"));
  subscribe();
  EXPECT_EQ(sent("authorization"), "over");
}

// A06: refused with new credentials, too: reported, and the change waits for better times.
TEST_F(AuthorizerTest, KeepsWhatIsRefusedWithNewCredentials) {
  use(user_pool(a_source()));
  go_live();
  save("p");
  answer(unauthorized);
  give("token-2");
  answer(unauthorized);
  EXPECT_THAT(questions, IsEmpty()) << "a service that refuses everything is not asked in a circle";
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].error.code, Code::unauthorized);
  EXPECT_THAT(outbox(), ElementsAre(HasSubstr("create")));
  wake_after(world.options.retry_delay_max);
  answer(unauthorized);
  give("token-3");
  answer(created("p"));
  EXPECT_THAT(outbox(), IsEmpty());
}

// A06: what is saved while nobody is signed in is sent after the sign-in.
TEST_F(AuthorizerTest, WaitsForASignIn) {
  use(user_pool(a_source()));
  make();
  world.save(world.post_of("p", "a", 1));
  run(event::Start{});
  refuse(Code::unauthorized);
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].error.code, Code::unauthorized);
  EXPECT_THAT(opened, IsEmpty());
  EXPECT_THAT(outbox(), SizeIs(1));
  wake_after(world.options.retry_delay_max);
  give("token-1");
  subscribe();
  answer(page("syncPosts", {}));
  answer(created("p"));
  EXPECT_THAT(outbox(), IsEmpty());
}

// Not known is not signed out: no other mode writes in the user's place, and nothing is given up.
TEST_F(AuthorizerTest, WaitsForASourceThatCannotTellNow) {
  use_all(api_key("da2-key"), {user_pool(a_source())}, {rule("owner", "userPools"), rule("public", "apiKey")});
  go_live();
  save("p");
  answer(unauthorized);
  refuse(Code::unavailable);
  EXPECT_THAT(asked, IsEmpty());
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].operation, "authorize");
  EXPECT_EQ(errors[0].error.code, Code::unavailable);
  EXPECT_THAT(outbox(), SizeIs(1));
  wake_after(world.options.retry_delay_max);
  give("token-2");
  EXPECT_EQ(sent("authorization"), "token-2");
  answer(created("p"));
  EXPECT_THAT(outbox(), IsEmpty());
}

TEST_F(AuthorizerTest, TakesSilenceOfASourceForAnError) {
  use(user_pool(a_source()));
  go_live();
  save("p");
  answer(unauthorized);
  ASSERT_THAT(questions, SizeIs(1));
  wake_after(world.options.request_timeout);
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].error.code, Code::timed_out);
  give("late");
  EXPECT_THAT(asked, IsEmpty()) << "an answer to a question that is over";
  wake_after(world.options.retry_delay_max);
  give("token-2");
  EXPECT_EQ(sent("authorization"), "token-2");
}

// A05: no mode, one, two. Each operation walks the list from its start until one is taken.
TEST_F(AuthorizerTest, GoesOnToTheNextModeWhenOneIsRefused) {
  use_all(api_key("da2-key"), {user_pool(a_source())}, {rule("public", "apiKey"), rule("owner", "userPools")});
  go_live();
  save("p");
  EXPECT_EQ(sent("authorization"), "token-1");
  answer(unauthorized);
  give("token-2");
  answer(unauthorized);
  EXPECT_EQ(sent("x-api-key"), "da2-key");
  EXPECT_EQ(sent("authorization"), "");
  answer(created("p"));
  EXPECT_THAT(errors, IsEmpty());
  save("q");
  EXPECT_EQ(sent("authorization"), "token-2") << "one refusal does not make others write in the user's place";
  answer(error_response("createPost", "Unauthorized"));
  EXPECT_EQ(sent("x-api-key"), "da2-key") << "credentials that are taken and do not suffice are not renewed";
  answer(error_response("createPost", "Unauthorized"));
  ASSERT_THAT(errors, SizeIs(1)) << "after the last mode";
  EXPECT_EQ(errors[0].error.code, Code::unauthorized);
  EXPECT_THAT(outbox(), SizeIs(1));
}

// A01: without a user only what needs none.
TEST_F(AuthorizerTest, ReadsAsAGuestWhileNobodyIsSignedIn) {
  use_all(user_pool(a_source()), {api_key("da2-key")}, {rule("owner", "userPools"), rule("public", "apiKey")});
  make();
  run(event::Start{});
  refuse(Code::unauthorized);
  ASSERT_THAT(opened, SizeIs(1));
  EXPECT_EQ(handshake().at("x-api-key"), Value("da2-key"));
  subscribe();
  EXPECT_EQ(sent("x-api-key"), "da2-key");
  answer(page("syncPosts", {}));
  EXPECT_THAT(questions, IsEmpty()) << "nobody is asked for each request whether they are there";
  wake_after(world.options.retry_delay_max);
  save("p");
  give("token-1");
  EXPECT_EQ(sent("authorization"), "token-1");
}

// A10
TEST_F(AuthorizerTest, AsksForALambdasTokenForEachRequest) {
  use(lambda(a_source()));
  make();
  run(event::Start{});
  give("for-the-connection");
  EXPECT_EQ(handshake().at("Authorization"), Value("for-the-connection"));
  acknowledge();
  ASSERT_THAT(questions, SizeIs(1)) << "what waits together is served together";
  give("for-the-starts");
  acknowledge_starts();
  give("for-the-page");
  EXPECT_EQ(sent("authorization"), "for-the-page");
  answer(page("syncPosts", {}));
  save("p");
  give("for-p");
  EXPECT_EQ(sent("authorization"), "for-p");
  answer(created("p"));
  save("q");
  EXPECT_THAT(asked, IsEmpty());
  give("for-q");
  EXPECT_EQ(sent("authorization"), "for-q");
}

// A04, A10: rules that ask for a mode that the options have no credentials of.
TEST_F(AuthorizerTest, SaysWhatToGiveWhenAModeHasNoCredentials) {
  use_all(api_key("da2-key"), {}, {rule("custom", "function")});
  make();
  run(event::Start{});
  ASSERT_THAT(opened, SizeIs(1)) << "the connection itself can be made in any mode";
  acknowledge();
  EXPECT_THAT(frames, IsEmpty());
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors[0].error.code, Code::unauthorized);
  EXPECT_THAT(errors[0].error.message, HasSubstr("more_auth"));
}

// A04: what another rule lets in needs no user.
TEST_F(AuthorizerTest, NeedsNoUserWhereARuleLetsEverybodyIn) {
  use_all(api_key("da2-key"), {}, {rule("owner", "userPools"), rule("public", "apiKey")});
  go_live();
  save("p");
  EXPECT_EQ(sent("x-api-key"), "da2-key");
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(AuthorizerTest, SignsWithKeysThatCanBeRotated) {
  use(IamAuth{"eu-west-1", [](const CredentialsAnswer<IamCredentials>&) {}, &word_signer});
  make();
  run(event::Start{});
  give_all(IamCredentials{.access_key_id = "A", .secret_access_key = "one"});
  EXPECT_EQ(handshake().at("authorization"), Value("eu-west-1 one /graphql/connect"));
  acknowledge();
  EXPECT_EQ(frames.at(0).authorization.at("authorization"), Value("eu-west-1 one /graphql"));
  acknowledge_starts();
  EXPECT_EQ(sent("authorization"), "eu-west-1 one /graphql");
  answer(status(403));
  give_all(IamCredentials{.access_key_id = "B", .secret_access_key = "two"});
  EXPECT_EQ(sent("authorization"), "eu-west-1 two /graphql");
}

TEST_F(AuthorizerTest, NamesNoSecretInItsErrors) {
  use(user_pool(a_source()));
  go_live();
  save("p");
  answer(unauthorized);
  give("secret-token");
  answer(unauthorized);
  for (const auto& error : errors) {
    EXPECT_EQ(error.error.message.find("secret-token"), std::string::npos);
    EXPECT_EQ(error.recovery.find("secret-token"), std::string::npos);
  }
}

}  // namespace
}  // namespace holdfast::auth::testing
