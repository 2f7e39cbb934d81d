#include "client/storage/sqlite/tombstone_table.h"

#include <string>

namespace holdfast::client {

Result<Metadata> read_tombstone(sqlite::Connection& connection, const ModelSchema& model, const Key& key) {
  const auto text = key.text();
  HOLDFAST_TRY(statement, connection.cached("SELECT version, last_changed_at, is_deleted FROM holdfast_tombstones"
                                            " WHERE model = ? AND key = ?"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::string_view(text));
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Metadata{};
  return Metadata{.version = statement->column_integer(0),
                  .last_changed_at = from_epoch_ms(statement->column_integer(1)),
                  .is_deleted = statement->column_integer(2) != 0};
}

Result<void> write_tombstone(sqlite::Connection& connection, const ModelSchema& model, const Key& key,
                             const Metadata& metadata) {
  const auto text = key.text();
  HOLDFAST_TRY(statement, connection.cached("INSERT OR REPLACE INTO holdfast_tombstones (model, key, version,"
                                            " last_changed_at, is_deleted) VALUES (?, ?, ?, ?, ?)"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::string_view(text));
  statement->bind(3, metadata.version);
  statement->bind(4, epoch_ms(metadata.last_changed_at));
  statement->bind(5, std::int64_t{metadata.is_deleted ? 1 : 0});
  return statement->run();
}

}  // namespace holdfast::client
