// Written: what a schema says beyond the shape of its records: who may do what, and the types and fields that are
// no models. The API and the generators read it beside Schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::schema {

enum class Dialect : std::uint8_t { v2, v1 };

/// How a caller proves who they are; an API has one default mode and any others.
enum class AuthMode : std::uint8_t { api_key, user_pools, iam, oidc, lambda };

using holdfast::AuthProvider;
using holdfast::AuthStrategy;
enum class AuthOperation : std::uint8_t { create, update, remove, get, list, sync, listen, search };
inline constexpr std::size_t auth_operation_count = 8;

/// As @auth spells them: "private", "userPools", "delete"; the mode as --auth does: "lambda".
std::string_view word(AuthStrategy strategy) noexcept;
std::string_view word(AuthProvider provider) noexcept;
std::string_view word(AuthOperation operation) noexcept;
std::string_view word(AuthMode mode) noexcept;
/// The mode in which callers of the provider come: `iam` and `identityPool` are one.
AuthMode mode_of(AuthProvider provider) noexcept;

/// One rule of `@auth`, its defaults filled in (spec/transformer.md sections 5 and 10).
struct AuthRule {
  AuthStrategy allow = AuthStrategy::private_access;
  AuthProvider provider = AuthProvider::user_pools;
  std::string owner_field = {};                   ///< owner only; "owner" when the rule names none.
  std::string identity_claim = {};                ///< owner only; empty for the dialect's default.
  std::string group_claim = {};                   ///< groups only; empty for "cognito:groups".
  std::vector<std::string> groups = {};           ///< Static groups.
  std::string groups_field = {};                  ///< Dynamic groups: the field that holds them.
  std::vector<AuthOperation> operations = {};     ///< `read` expanded. All of them when the rule names none.
  std::vector<std::string> operation_words = {};  ///< As written; empty when the rule names none.
  bool has_operations = false;                    ///< Whether it names any: `operations: []` allows nothing.
  friend bool operator==(const AuthRule&, const AuthRule&) = default;
};

/// The rules of a schema. A model or field without an entry has none of its own.
struct AuthRules {
  std::map<std::string, std::vector<AuthRule>, std::less<>> of_types = {};  ///< By type name; joins included.
  std::map<std::pair<std::string, std::string>, std::vector<AuthRule>> of_fields = {};  ///< By type and field.
  bool is_sandbox = false;  ///< `globalAuthRule: {allow: public}`: models without rules are open to API keys.
};

/// Kept as written, directives included, extensions folded into their types.
struct Written {
  graphql::SchemaDocument document = {};
  Dialect dialect = Dialect::v2;
  AuthRules auth = {};
};

}  // namespace holdfast::schema
