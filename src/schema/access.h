// AccessTable: who may do what with the fields of a model, as its rules and those of its fields say.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "schema/written.h"

namespace holdfast::schema {

using OperationSet = std::bitset<auth_operation_count>;  ///< Indexed by AuthOperation.

/// Callers that rules treat alike: everybody with a key, one group, the owners by one field.
struct AuthRole {
  AuthStrategy allow = AuthStrategy::private_access;
  AuthProvider provider = AuthProvider::user_pools;
  bool is_dynamic = false;  ///< Decided by the record: owners, and groups that a field holds.
  std::string entity = {};  ///< The owner or group field of a dynamic role, else the group.
  std::string claim = {};   ///< Of the caller, to be compared with the entity.

  /// Within a model, as messages show it: "userPools:owner:author:sub::username". Equal for equal roles.
  [[nodiscard]] std::string name() const;
};

/// One role a group of the rule, else one.
std::vector<AuthRole> roles_of(const AuthRule& rule);
OperationSet operations_of(const AuthRule& rule);

/// What one role may do with each field; parallel to AccessTable::fields.
struct Grant {
  AuthRole role = {};
  std::vector<OperationSet> fields = {};

  [[nodiscard]] bool may_with_some(AuthOperation operation) const noexcept;
  [[nodiscard]] bool may_with_all(AuthOperation operation) const noexcept;
};

/// A rule of the model covers all its fields; the rules of a field replace it there.
struct AccessTable {
  std::vector<std::string> fields = {};  ///< As written; of a join model, those it is made with.
  std::vector<Grant> grants = {};        ///< In the order in which the rules name the roles.

  /// The roles that may: a record is deleted with all its fields, everything else can concern some of them.
  [[nodiscard]] std::vector<const Grant*> grants_for(AuthOperation operation) const;
};

/// `written` is null for join models. Rules that repeat a role count once, in join models the last of them.
AccessTable access_table(const AuthRules& rules, const ModelSchema& model, const graphql::TypeDefinition* written);

/// Whether subscriptions to the model ask who listens: `subscriptions: {level: on}`, which is the default.
bool has_guarded_subscriptions(const graphql::TypeDefinition* written) noexcept;

}  // namespace holdfast::schema
