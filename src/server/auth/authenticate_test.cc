#include "server/auth/authenticate.h"

#include <gtest/gtest.h>

namespace holdfast::server {
namespace {

constexpr Instant noon = from_epoch_ms(1'795'262'400'000);

Authenticator two_keys() {
  return Authenticator({{.name = "default", .secret = "one"},
                        {.name = "trial", .secret = "two", .expires_at = noon}});
}

std::string name_of(const std::optional<Caller>& caller) { return caller ? caller->key_name : "nobody"; }

TEST(Authenticator, LetsEverybodyInWithoutKeys) {
  const Authenticator open({});
  const auto caller = open.caller_of(Headers{}, noon);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->mode, AuthMode::open);
}

TEST(Authenticator, TellsKeysByTheirNames) {
  const auto keys = two_keys();
  EXPECT_EQ(name_of(keys.caller_of(Headers{{"X-Api-Key", "one"}}, noon)), "default");
  EXPECT_EQ(name_of(keys.caller_of(Object{{"x-API-key", "two"}}, noon - Milliseconds(1))), "trial");
}

TEST(Authenticator, RefusesWrongMissingAndExpiredKeys) {
  const auto keys = two_keys();
  EXPECT_FALSE(keys.caller_of(Headers{{"x-api-key", "three"}}, noon));
  EXPECT_FALSE(keys.caller_of(Headers{}, noon));
  EXPECT_FALSE(keys.caller_of(Object{{"x-api-key", 7}}, noon));
  EXPECT_FALSE(keys.caller_of(Headers{{"x-api-key", "two"}}, noon));
  const Authenticator expired({{.name = "old", .secret = "one", .expires_at = noon}});
  EXPECT_FALSE(expired.caller_of(Headers{}, noon)) << "an expired key is no open door";
}

TEST(Caller, IsTheSameThroughRenewalsButSharesFramesOnlyWithItsLike) {
  const Caller first{AuthMode::api_key, "default"};
  const Caller renewed{AuthMode::api_key, "next"};
  EXPECT_EQ(first.identity(), renewed.identity());
  EXPECT_NE(first.fingerprint(), renewed.fingerprint());
  Caller known = first;
  known.subject = "ada";
  EXPECT_NE(first.identity(), known.identity());
  Caller grouped = known;
  grouped.claims.set("groups", List{"editors"});
  EXPECT_EQ(grouped.identity(), known.identity());
  EXPECT_NE(grouped.fingerprint(), known.fingerprint());
}

}  // namespace
}  // namespace holdfast::server
