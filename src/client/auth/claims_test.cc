#include "client/auth/claims.h"

#include <gtest/gtest.h>

#include "client/auth/testing.h"

namespace holdfast::auth {
namespace {

using testing::published;
using testing::text_of;
using testing::texts_of;
using testing::token_with;

/// As the reader of schemas makes it of the rule that clients are given.
RuleSchema carried(const Value& given) {
  auto made = testing::rule(text_of(given["allow"]), text_of(given["provider"]));
  made.owner_field = text_of(given["ownerField"]);
  made.identity_claim = text_of(given["identityClaim"]);
  made.group_claim = text_of(given["groupClaim"]);
  made.groups = texts_of(given["groups"]);
  made.operations = texts_of(given["operations"]);
  return made;
}

AuthMode mode_named(const std::string& word) {
  for (const auto mode : {AuthMode::user_pool, AuthMode::oidc, AuthMode::iam, AuthMode::api_key}) {
    if (name(mode) == word) return mode;
  }
  return AuthMode::none;
}

// C17, A07: owners implied, named and several, groups, private and public, as far as the wire shows them.
TEST(OwnerArgument, IsWhatThePublishedClientSends) {
  const auto cases = published("owner_arguments.json");
  ASSERT_GT(cases.size(), 20u);
  for (const auto& one : cases) {
    SCOPED_TRACE(text_of(one["name"]));
    ModelSchema model;
    for (const auto& list : texts_of(one["lists"])) model.fields.push_back({.name = list, .is_list = true});
    for (const auto& rule : *one["rules"].as_list()) model.rules.push_back(carried(rule));
    model.has_public_subscriptions = text_of(one["level"]) == "public";
    const AuthToken token{.text = "opaque", .id_token = one["claims"].is_null() ? "" : token_with(one["claims"])};
    const auto argument = owner_argument(model, mode_named(text_of(one["mode"])), token);
    const Value made = argument ? Value(Object{{argument->field, argument->value}}) : Value();
    EXPECT_EQ(json::write(made), json::write(one["expected"]));
  }
}

// C18
TEST(OwnerArgument, IsAbsentWithoutATokenThatNamesSomebody) {
  ModelSchema model;
  model.rules = {testing::rule("owner", "userPools")};
  EXPECT_FALSE(owner_argument(model, AuthMode::user_pool, {.text = "opaque"}));
  EXPECT_FALSE(owner_argument(model, AuthMode::user_pool, {.text = "a.b"}));
  EXPECT_FALSE(owner_argument(model, AuthMode::user_pool, {.text = "a.!!.c"}));
  EXPECT_FALSE(owner_argument(model, AuthMode::user_pool, {.text = token_with(List{})}));
  const auto named = owner_argument(model, AuthMode::user_pool, {.text = token_with(Object{{"username", "ann"}})});
  ASSERT_TRUE(named) << "an access token names its user, too";
  EXPECT_EQ(named->value, "ann");
}

TEST(Expiry, IsReadFromTheToken) {
  EXPECT_EQ(expiry_of({.text = token_with(Object{{"exp", 1'800'000'000}})}), from_epoch_ms(1'800'000'000'000));
  EXPECT_EQ(expiry_of({.text = "opaque", .expires_at = from_epoch_ms(5)}), from_epoch_ms(5));
  EXPECT_FALSE(expiry_of({.text = "opaque"}));
  EXPECT_FALSE(expiry_of({.text = token_with(Object{{"exp", "soon"}})}));
  EXPECT_FALSE(expiry_of({.text = token_with(Object{{"exp", std::int64_t{9'000'000'000'000'000'000}}})}));
}

}  // namespace
}  // namespace holdfast::auth
