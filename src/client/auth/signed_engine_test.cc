// Where nothing needs an authorizer: one key, or none.
#include "client/auth/authorizer_testing.h"

namespace holdfast::auth::testing {
namespace {

class SignedEngineTest : public AuthorizerTest {};

TEST_F(SignedEngineTest, PutsOneKeyOnRequestsHandshakeAndSubscriptions) {
  use(api_key("da2-key"));
  make();
  run(event::Start{});
  EXPECT_EQ(handshake().at("x-api-key"), Value("da2-key"));
  EXPECT_EQ(handshake().at("host"), Value("127.0.0.1:1"));
  acknowledge();
  ASSERT_THAT(frames, SizeIs(3));
  EXPECT_THAT(frames[0].query, HasSubstr("onCreatePost"));
  EXPECT_EQ(frames[0].authorization.at("x-api-key"), Value("da2-key"));
  acknowledge_starts();
  EXPECT_EQ(sent("x-api-key"), "da2-key");
}

TEST_F(SignedEngineTest, PutsNothingOnWhereEverybodyIsServed) {
  use(Anonymous{});
  make();
  run(event::Start{});
  EXPECT_EQ(handshake().find("x-api-key"), nullptr);
  subscribe();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(sent("x-api-key"), "");
}

TEST_F(SignedEngineTest, LeavesARefusedKeyToTheEngine) {
  use(api_key("da2-key"));
  go_live();
  save("p");
  answer(status(401));
  EXPECT_THAT(questions, IsEmpty());
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].error.code, Code::unauthorized);
}

}  // namespace
}  // namespace holdfast::auth::testing
