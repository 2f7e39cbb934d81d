#include "client/auth/claims.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/json.h"
#include "client/auth/rules.h"

namespace holdfast::auth {
namespace {

constexpr std::string_view username_claim = "cognito:username";
constexpr std::string_view groups_claim = "cognito:groups";

/// The claims of a JWT; null when it is none.
Value claims_of(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  const auto text = from_base64(token.substr(first + 1, second - first - 1));
  const auto claims = text ? json::parse(*text) : Result<Value>(Value());
  return claims && claims->as_object() ? *claims : Value();
}

Value claims_of(const AuthToken& token) { return claims_of(token.id_token.empty() ? token.text : token.id_token); }

bool is_of_user(const RuleSchema& rule) {
  return rule.provider == AuthProvider::user_pools || rule.provider == AuthProvider::oidc;
}

/// A list of groups, the same as JSON text, or the name of one.
bool has_group(const Value& claim, const std::vector<std::string>& groups) {
  if (const auto* list = claim.as_list()) {
    return std::any_of(list->begin(), list->end(), [&](const Value& one) {
      return one.as_string() && std::find(groups.begin(), groups.end(), *one.as_string()) != groups.end();
    });
  }
  const auto* text = claim.as_string();
  if (!text) return false;
  const auto parsed = json::parse(*text);
  return has_group(List{Value(*text)}, groups) || (parsed && parsed->as_list() && has_group(*parsed, groups));
}

bool is_in_named_group(const ModelSchema& model, const Value& claims) {
  return std::any_of(model.rules.begin(), model.rules.end(), [&](const RuleSchema& rule) {
    const bool is_about =
        rule.allow == AuthStrategy::groups && is_of_user(rule) && concerns(rule, ModelOperation::read);
    return is_about && has_group(claims[rule.group_claim.empty() ? groups_claim : rule.group_claim], rule.groups);
  });
}

/// The text of a claim as an owner field holds it; empty when there is none.
std::string owner_of(const Value& claims, const std::string& claim) {
  const bool is_username = claim.empty() || claim == "username";
  const auto& named = claims[is_username ? username_claim : claim];
  // Access tokens have the username under another name.
  const auto& value = named.is_null() && is_username ? claims["username"] : named;
  if (const auto* text = value.as_string()) return *text;
  return value.is_null() ? std::string() : json::write(value);
}

}  // namespace

bool concerns(const RuleSchema& rule, ModelOperation operation) {
  constexpr std::array<std::string_view, 4> words{"create", "read", "update", "delete"};
  const auto is_named = [&rule](std::string_view word) {
    return std::find(rule.operations.begin(), rule.operations.end(), word) != rule.operations.end();
  };
  if (rule.operations.empty() || is_named(words.at(static_cast<std::size_t>(operation)))) return true;
  // The parts of `read` that sync is made of.
  return operation == ModelOperation::read && (is_named("sync") || is_named("listen"));
}

std::optional<Instant> expiry_of(const AuthToken& token) {
  if (token.expires_at) return token.expires_at;
  const auto claims = claims_of(token.text);
  const auto* seconds = claims["exp"].as_integer();
  constexpr std::int64_t seconds_max = 100'000'000'000;  // Of the year 5138: more is a mistake, and would not fit.
  if (!seconds || *seconds <= 0 || *seconds > seconds_max) return std::nullopt;
  return from_epoch_ms(*seconds * 1000);
}

std::optional<protocol::OwnerArgument> owner_argument(const ModelSchema& model, AuthMode mode, const AuthToken& token) {
  const auto claims = mode == AuthMode::user_pool || mode == AuthMode::oidc ? claims_of(token) : Value();
  if (claims.is_null() || is_in_named_group(model, claims)) return std::nullopt;
  std::optional<protocol::OwnerArgument> argument;
  for (const auto& rule : model.rules) {
    if (rule.allow != AuthStrategy::owner || !is_of_user(rule)) continue;
    const auto owner = owner_of(claims, rule.identity_claim);
    if (owner.empty()) continue;
    const std::string field = rule.owner_field.empty() ? "owner" : rule.owner_field;
    const auto* stored = model.field(field);
    const bool is_one = !stored || !stored->is_list;
    const bool is_public = model.has_public_subscriptions || !concerns(rule, ModelOperation::read);
    argument.reset();
    if (is_one && !is_public) argument = protocol::OwnerArgument{field, owner};
  }
  return argument;
}

}  // namespace holdfast::auth
