// Schema: what the models look like, as plain data. Made by `holdfast codegen` for applications and by the
// schema room for the backend.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

/// The scalars of AppSync. All are strings in a Value except integer and aws_timestamp (integer), floating
/// (integer or floating) and boolean.
enum class Scalar : std::uint8_t {
  id, string, integer, floating, boolean,
  aws_date, aws_time, aws_date_time, aws_timestamp, aws_email, aws_json, aws_url, aws_phone, aws_ip_address,
};

/// "ID", "String", "Int", "Float", "Boolean", "AWSDate" …
std::string_view graphql_name(Scalar scalar) noexcept;
std::optional<Scalar> scalar_named(std::string_view graphql_name) noexcept;

enum class FieldKind : std::uint8_t { scalar, enumeration, embedded };  ///< What a field holds.

/// One stored field: a scalar, an enum value or an embedded object, or a list of them. Relations are not
/// fields; the foreign keys behind them are.
struct FieldSchema {
  std::string name = {};
  FieldKind kind = FieldKind::scalar;
  Scalar scalar = Scalar::string;    ///< Meaningful for FieldKind::scalar.
  std::string type_name = {};        ///< The enum's or embedded type's name; empty for scalars.
  bool is_list = false;
  bool is_required = false;          ///< `T!`; for a list, of its elements: `[T!]`.
  bool is_list_required = false;     ///< `[T]!`.
  bool is_read_only = false;         ///< Set by the service only: the timestamps it keeps, and owner fields that
                                     ///< rules imply. Devices select, store and show them.
  bool is_hidden = false;            ///< Stored and writable, but absent from the API's object type: the foreign
                                     ///< keys of v1 `@connection(name:)`. Read through the relation's stub.
  bool is_implied = false;           ///< Not written in the schema: generated foreign keys, owners, timestamps, `id`.
  std::string description = {};

  /// True when null is refused: `T!`, or `[T]!` for lists.
  [[nodiscard]] bool refuses_null() const noexcept { return is_list ? is_list_required : is_required; }
  friend bool operator==(const FieldSchema&, const FieldSchema&) = default;
};

enum class RelationKind : std::uint8_t { belongs_to, has_one, has_many };  ///< Who refers to whom.

/// A relation as the application named it. `keys` and `target_keys` are parallel: the record on the other side
/// is the one whose `target_keys` equal our `keys`.
struct RelationSchema {
  std::string name = {};
  RelationKind kind = RelationKind::belongs_to;
  std::string target = {};                    ///< The other model's name.
  std::vector<std::string> keys = {};         ///< Our fields: foreign keys, or our primary key for has_many.
  std::vector<std::string> target_keys = {};  ///< Their fields: their primary key, or foreign keys for has_many.
  bool is_required = false;
  std::string description = {};
  friend bool operator==(const RelationSchema&, const RelationSchema&) = default;
};

struct IndexSchema {
  std::string name = {};
  std::vector<std::string> fields = {};           ///< Partition key first.
  std::optional<std::string> query_field = {};    ///< The API query that reads by it, when there is one.
  bool is_partition_nullable = false;             ///< v1 index queries take a nullable partition argument.
  friend bool operator==(const IndexSchema&, const IndexSchema&) = default;
};

/// Names of the API's operations for a model; empty when switched off.
struct OperationNames {
  std::string get = {}, list = {}, sync = {};
  std::string create = {}, update = {}, remove = {};
  std::vector<std::string> on_create = {}, on_update = {}, on_delete = {};
  friend bool operator==(const OperationNames&, const OperationNames&) = default;
};

/// Whom a rule of `@auth` lets in, and how they prove who they are.
enum class AuthStrategy : std::uint8_t { owner, groups, private_access, public_access, custom };
enum class AuthProvider : std::uint8_t { api_key, user_pools, iam, identity_pool, oidc, function };

/// A rule of a model's `@auth`, of which a device chooses how to authorize itself (holdfast/auth.h).
struct RuleSchema {
  AuthStrategy allow = AuthStrategy::owner;
  AuthProvider provider = AuthProvider::user_pools;
  std::string owner_field = {};                ///< owner: the field, "owner" by default.
  std::string identity_claim = {};             ///< owner; empty: "cognito:username".
  std::string group_claim = {};                ///< groups; empty: "cognito:groups".
  std::vector<std::string> groups = {};        ///< groups: those that are named in the rule.
  std::vector<std::string> operations = {};    ///< "create", "update", "delete", "read" …, as written; empty: all of them.
  friend bool operator==(const RuleSchema&, const RuleSchema&) = default;
};

struct ModelSchema {
  std::string name = {};
  std::string plural_name = {};
  std::vector<FieldSchema> fields = {};        ///< In the order of the API's object type.
  std::vector<RelationSchema> relations = {};
  std::vector<std::string> primary_key = {};   ///< Field names, partition key first; never empty.
  bool has_custom_primary_key = false;         ///< `@primaryKey` / v1 `@key` without a name.
  bool is_join = false;                        ///< Made by `@manyToMany`.
  std::vector<IndexSchema> indexes = {};
  OperationNames operations = {};
  std::string created_at = "createdAt";        ///< Field names; empty when the model keeps none.
  std::string updated_at = "updatedAt";
  std::vector<RuleSchema> rules = {};          ///< Of `@auth` on the model.
  bool has_public_subscriptions = false;       ///< Whoever may call the API may listen: `level: public`.
  std::string description = {};

  [[nodiscard]] const FieldSchema* field(std::string_view name) const noexcept;  ///< Null when unknown.
  [[nodiscard]] std::optional<std::size_t> field_index(std::string_view name) const noexcept;
  [[nodiscard]] const RelationSchema* relation(std::string_view name) const noexcept;
  [[nodiscard]] bool is_key(std::string_view field_name) const noexcept;
  [[nodiscard]] bool is_timestamp(std::string_view field_name) const noexcept;
  friend bool operator==(const ModelSchema&, const ModelSchema&) = default;
};

struct EnumSchema {  ///< An enum, its values as in the schema file.
  std::string name = {};
  std::vector<std::string> values = {};
  std::string description = {};
  friend bool operator==(const EnumSchema&, const EnumSchema&) = default;
};

/// A type without `@model`: stored inside records, never on its own.
struct EmbeddedSchema {
  std::string name = {};
  std::vector<FieldSchema> fields = {};
  std::size_t repeats = 0;  ///< How often it may stand inside itself in a record of a device: more than 0 for types
                            ///< that contain themselves. Devices select so deep, and refuse to save what is deeper.
  std::string description = {};
  friend bool operator==(const EmbeddedSchema&, const EmbeddedSchema&) = default;
};

/// Everything an application or a backend knows of its data. Immutable once made; records point into it, so it
/// must outlive them. Safe to read from any thread.
struct Schema {
  std::vector<ModelSchema> models = {};        ///< In the order of the schema file, join models last.
  std::vector<EnumSchema> enums = {};
  std::vector<EmbeddedSchema> embedded = {};
  std::string version = {};                    ///< Changes when the on-device structure does.

  [[nodiscard]] const ModelSchema* model(std::string_view name) const noexcept;  ///< Null when unknown.
  [[nodiscard]] const EnumSchema* enumeration(std::string_view name) const noexcept;
  [[nodiscard]] const EmbeddedSchema* embedded_type(std::string_view name) const noexcept;
  friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace holdfast
