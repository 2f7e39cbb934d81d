#include "examples/guide/guide.h"

namespace guide {
namespace {

/// What an application has of its identity provider's library.
struct Session {
  void refresh(const std::function<void(std::string access, std::string id)>& done) { done("access", "id"); }
};

class Authorization : public Guide {
 protected:
  ~Authorization() override { store.stop(); }
  Session session;
};

TEST_F(Authorization, ATokenOfAUser) {
  holdfast::SyncOptions options;
  options.endpoint = "http://127.0.0.1:1/graphql";
  // [authorization.token]
  options.auth = holdfast::user_pool([this](const holdfast::CredentialsAnswer<holdfast::AuthToken>& answer) {
    session.refresh([answer](std::string access, std::string id) {
      answer(holdfast::AuthToken{.text = std::move(access), .id_token = std::move(id)});
    });
  });
  // [/authorization.token]
  EXPECT_EQ(holdfast::mode_of(options.auth), holdfast::AuthMode::user_pool);
  EXPECT_TRUE(store.start(options));
}

TEST_F(Authorization, SeveralModesAndASignOut) {
  const holdfast::TokenSource source = [](const holdfast::CredentialsAnswer<holdfast::AuthToken>& answer) {
    answer(holdfast::Error{holdfast::Code::unauthorized, "nobody is signed in"});
  };
  holdfast::SyncOptions options;
  options.endpoint = "http://127.0.0.1:1/graphql";
  // [authorization.modes]
  options.auth = holdfast::api_key("da2-guide");
  options.more_auth = {holdfast::user_pool(source)};
  options.auth_strategy = holdfast::multi_auth;
  // [/authorization.modes]
  // [authorization.out]
  options.user = "ann";  // In a word of yours, such as the token's `sub`.
  store.start(options).value();
  store.sign_out(holdfast::SignOut::keeps).value();  // Rows and unsent changes stay, for Ann.

  options.user = "bob";
  store.start(options).value();
  store.sign_out(holdfast::SignOut::clears).value();  // Nothing stays.
  // [/authorization.out]
  EXPECT_EQ(store.count<Post>().value(), 0U);
}

}  // namespace
}  // namespace guide
