// The rows of the backend's database as images: every SQL statement that reads or writes one.
// All functions use the connection on the caller's thread. Codes: storage_failed, disk_full, corrupt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/sqlite/lost_fields.h"
#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// `key` is a Key's text.
Result<std::optional<Image>> read_current(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key);
Result<std::optional<Image>> read_version(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key, std::int64_t version);
/// The current image of the record that the mutation wrote; null as well when `schema` no longer has its model.
Result<std::optional<Image>> read_mutation(sqlite::Connection& connection, const Schema& schema, std::string_view id);

/// Columns from 0: version, last_changed_at, is_deleted, image.
Result<Image> image_of(const sqlite::Statement& row, const ModelSchema& model);
/// Adds the row's image when it is a tombstone or satisfies `where`. The same columns.
Result<void> add_image(const sqlite::Statement& row, const ModelSchema& model, const Predicate& where, Images& images);

/// As Store::list and Store::changed_since; also code invalid_argument.
Result<ImagePage> read_list(sqlite::Connection& connection, const ModelSchema& model,
                            const Store::ListOptions& options);
struct ChangesQuery {
  Instant since{};
  std::uint32_t limit = 100;
  std::string_view after = {};
};
Result<ImagePage> read_changes(sqlite::Connection& connection, const ModelSchema& model, const ChangesQuery& query);

Result<std::optional<std::string>> read_setting(sqlite::Connection& connection, std::string_view name);
Result<void> write_setting(sqlite::Connection& connection, std::string_view name, std::string_view value);

/// The place of a write among all writes.
struct Stamp {
  std::int64_t sequence = 0;
  Instant at{};
};
/// That of the newest write; zeros when there is none.
Result<Stamp> read_last_stamp(sqlite::Connection& connection);

/// What apply_put did. `is_new` only when the outcome is `written`.
struct AppliedPut {
  PutOutcome outcome;
  bool is_new = false;
};
/// What every put stands on.
struct PutGround {
  const Schema& schema;
  const LostFields& lost;
};
/// Makes the put inside the transaction that is open, with `stamp` if it writes.
Result<AppliedPut> apply_put(sqlite::Connection& connection, const PutGround& ground, const ConditionalPut& put,
                             Stamp stamp);

}  // namespace holdfast::server
