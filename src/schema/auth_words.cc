// The words of @auth and their meaning; one table a kind, in the order of its enum.
#include <array>

#include "schema/written.h"

namespace holdfast::schema {
namespace {

constexpr std::array<std::string_view, 5> strategies = {"owner", "groups", "private", "public", "custom"};
constexpr std::array<std::string_view, 6> providers = {"apiKey",       "userPools", "iam",
                                                       "identityPool", "oidc",      "function"};
constexpr std::array<std::string_view, auth_operation_count> operations = {"create", "update", "delete", "get",
                                                                           "list",   "sync",   "listen", "search"};
constexpr std::array<std::string_view, 5> modes = {"apiKey", "userPools", "iam", "oidc", "lambda"};

}  // namespace

std::string_view word(AuthStrategy strategy) noexcept { return strategies[static_cast<std::size_t>(strategy)]; }
std::string_view word(AuthProvider provider) noexcept { return providers[static_cast<std::size_t>(provider)]; }
std::string_view word(AuthOperation operation) noexcept { return operations[static_cast<std::size_t>(operation)]; }
std::string_view word(AuthMode mode) noexcept { return modes[static_cast<std::size_t>(mode)]; }

AuthMode mode_of(AuthProvider provider) noexcept {
  switch (provider) {
    case AuthProvider::api_key: return AuthMode::api_key;
    case AuthProvider::user_pools: return AuthMode::user_pools;
    case AuthProvider::oidc: return AuthMode::oidc;
    case AuthProvider::function: return AuthMode::lambda;
    default: return AuthMode::iam;
  }
}

}  // namespace holdfast::schema
