// The rows of the backend's database as images: every SQL statement that reads the newest of one.
// All functions use the connection on the caller's thread. Codes: storage_failed, disk_full, corrupt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// What a put must know of the record before it.
struct Standing {
  std::int64_t rowid = 0;     ///< In `records`; holds within a transaction.
  std::int64_t sequence = 0;  ///< Of its newest version in `changes`; 0: there is none.
  std::int64_t version = 0;   ///< 0: the key is unknown.
  bool is_deleted = false;
};
/// A record as it is: the image is null when the key is unknown.
struct Current {
  std::optional<Image> image = {};
  Standing standing = {};
};
/// `key` is a Key's text.
Result<Current> read_current(sqlite::Connection& connection, const ModelSchema& model, std::string_view key);
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

}  // namespace holdfast::server
