#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "client/auth/rules.h"
#include "holdfast/auth.h"

namespace holdfast {
namespace {

/// The mode of a rule's callers; nothing for those that no rule of this kind lets in.
std::optional<AuthMode> mode_of(const RuleSchema& rule, bool is_signed_in) {
  const bool needs_user = rule.allow == AuthStrategy::owner || rule.allow == AuthStrategy::groups ||
                          rule.allow == AuthStrategy::private_access;
  if (needs_user && !is_signed_in) return std::nullopt;
  switch (rule.provider) {
    case AuthProvider::function: return AuthMode::lambda;
    case AuthProvider::user_pools: return AuthMode::user_pool;
    case AuthProvider::oidc: return AuthMode::oidc;
    case AuthProvider::iam:
    case AuthProvider::identity_pool: return AuthMode::iam;
    case AuthProvider::api_key: return AuthMode::api_key;
  }
  return std::nullopt;
}

// In the order of AuthStrategy and of AuthProvider: what comes first is tried first.
constexpr std::array<int, 5> strategy_ranks{1, 2, 3, 4, 0};
constexpr std::array<int, 6> provider_ranks{4, 1, 3, 3, 2, 0};

bool comes_before(const RuleSchema* left, const RuleSchema* right) {
  const auto rank = [](const RuleSchema& rule) {
    return std::tuple(strategy_ranks.at(static_cast<std::size_t>(rule.allow)),
                      provider_ranks.at(static_cast<std::size_t>(rule.provider)));
  };
  return rank(*left) < rank(*right);
}

}  // namespace

std::string_view name(AuthMode mode) noexcept {
  constexpr std::array<std::string_view, 6> names{"none", "apiKey", "userPool", "oidc", "iam", "lambda"};
  return names[static_cast<std::size_t>(mode)];
}

AuthMode mode_of(const Auth& auth) noexcept {
  if (const auto* token = std::get_if<TokenAuth>(&auth)) return token->mode;
  if (std::holds_alternative<ApiKey>(auth)) return AuthMode::api_key;
  return std::holds_alternative<IamAuth>(auth) ? AuthMode::iam : AuthMode::none;
}

std::vector<AuthMode> multi_auth(const AuthSituation& situation) {
  std::vector<const RuleSchema*> rules;
  for (const auto& rule : situation.model.rules) {
    if (auth::concerns(rule, situation.operation)) rules.push_back(&rule);
  }
  std::stable_sort(rules.begin(), rules.end(), comes_before);
  std::vector<AuthMode> modes;
  for (const auto* rule : rules) {
    const auto mode = mode_of(*rule, situation.is_signed_in);
    if (mode && std::find(modes.begin(), modes.end(), *mode) == modes.end()) modes.push_back(*mode);
  }
  return modes;
}

}  // namespace holdfast
