// What changed between two schemas, and what it means for records on devices and for clients that are not updated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/schema.h"

namespace holdfast::schema {

enum class ChangeKind : std::uint8_t {
  model_added, model_removed, primary_key_changed, primary_key_declared,
  embedded_added, embedded_removed, enum_added, enum_removed, enum_value_added, enum_value_removed,
  field_added, field_removed, field_type_changed, field_now_required, field_now_nullable, field_access_changed,
  relation_added, relation_removed, relation_changed, relation_now_required, relation_now_nullable,
  index_added, index_removed, index_changed,
  operation_added, operation_removed, operation_renamed,
};

/// "field_removed", as JSON reports name it.
std::string_view name(ChangeKind kind) noexcept;

/// What becomes of a client that was built with the old schema, against a backend of the new one.
enum class OldClients : std::uint8_t {
  work,
  may_fail,  ///< Only with some records, or only when they use what changed.
  fail,      ///< Requests of theirs are refused.
};
/// "work", "may fail", "fail".
std::string_view name(OldClients old_clients) noexcept;

/// One difference. Renames cannot be told from a removal and an addition.
struct Change {
  ChangeKind kind = ChangeKind::field_added;
  std::string type = {};           ///< The model, embedded type or enum.
  std::string member = {};         ///< The field, relation, enum value, index or operation; empty for the type itself.
  std::string was = {}, is = {};   ///< As written in a schema: "Int", "[String!]!"; empty on the side where it is not.
  std::string sentence = {};       ///< "Post.rating is removed", without a full stop.
  bool is_data_kept = true;        ///< Whether what devices and the backend hold remains readable, all of it.
  std::string reason = {};         ///< Why the data is kept or lost.
  std::string remedy = {};         ///< For a loss: how to avoid it.
  OldClients old_clients = OldClients::work;
  std::string old_clients_reason = {};  ///< Empty when they work.
  bool stands_in_old = false;      ///< Whether its place is in the old schema: it is in the new one no more.
  friend bool operator==(const Change&, const Change&) = default;
};

/// In the order of the types: those of the old schema, then those that are new. Descriptions and the order of
/// members are no change.
std::vector<Change> compare(const Schema& old_schema, const Schema& new_schema);

}  // namespace holdfast::schema
