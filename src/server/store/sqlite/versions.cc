#include "server/store/sqlite/versions.h"

#include "server/store/sqlite/rows.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

/// Of the versions of a record, the multiples of it are in the index changes_by_sixteenth.
constexpr std::int64_t indexed_every = 16;

/// A row of a chain.
struct Link {
  std::int64_t sequence = 0;  ///< 0: there is none.
  std::int64_t version = 0;
};

/// What `statement`, which has both columns, finds of the record.
Result<Link> link_of(sqlite::CachedStatement statement, const ModelSchema& model, std::string_view key) {
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, key);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? Link{statement->column_integer(0), statement->column_integer(1)} : Link{};
}

Result<Link> read_newest(sqlite::Connection& connection, const ModelSchema& model, std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT sequence, version FROM records WHERE model = ?1 AND key = ?2"));
  return link_of(std::move(statement), model, key);
}

Result<Link> read_indexed(sqlite::Connection& connection, const ModelSchema& model, std::string_view key,
                          std::int64_t version) {
  // The last term in the words of the index: SQLite takes a partial index by them.
  HOLDFAST_TRY(statement, connection.cached("SELECT sequence, version FROM changes INDEXED BY changes_by_sixteenth "
                                            "WHERE model = ?1 AND key = ?2 AND version = ?3 AND version % 16 = 0"));
  statement->bind(3, version);
  return link_of(std::move(statement), model, key);
}

/// Where to begin: fewer than `indexed_every` steps after `version`; or nowhere.
Result<Link> read_start(sqlite::Connection& connection, const ModelSchema& model, std::string_view key,
                        std::int64_t version) {
  HOLDFAST_TRY(newest, read_newest(connection, model, key));
  if (version < 1 || version > newest.version) return Link{};
  if (newest.version - version < indexed_every) return newest;
  return read_indexed(connection, model, key, (version + indexed_every - 1) / indexed_every * indexed_every);
}

/// 0 when there is none, or when the row is not there.
Result<std::int64_t> read_previous(sqlite::Connection& connection, std::int64_t sequence) {
  HOLDFAST_TRY(statement, connection.cached("SELECT previous FROM changes WHERE sequence = ?1"));
  statement->bind(1, sequence);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? statement->column_integer(0) : 0;
}

Result<std::optional<Image>> read_change(sqlite::Connection& connection, const ModelSchema& model,
                                         std::string_view key, const Link& link) {
  HOLDFAST_TRY(statement, connection.cached("SELECT version, last_changed_at, is_deleted, image FROM changes WHERE "
                                            "sequence = ?1 AND model = ?2 AND key = ?3 AND version = ?4"));
  statement->bind(1, link.sequence);
  statement->bind(2, std::string_view(model.name));
  statement->bind(3, key);
  statement->bind(4, link.version);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return std::optional<Image>();
  HOLDFAST_TRY(image, image_of(*statement, model));
  return std::optional<Image>(std::move(image));
}

}  // namespace

Result<std::optional<Image>> read_version(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key, std::int64_t version) {
  HOLDFAST_TRY(snapshot, sqlite::TransactionScope::snapshot(connection));
  HOLDFAST_TRY(link, read_start(connection, model, key, version));
  for (; link.version > version && link.sequence != 0; --link.version) {
    HOLDFAST_TRY(previous, read_previous(connection, link.sequence));
    link.sequence = previous;
  }
  return read_change(connection, model, key, link);
}

Result<void> remove_change(sqlite::Connection& connection, const ChainRow& row) {
  HOLDFAST_TRY(statement, connection.cached("DELETE FROM changes WHERE sequence = ?1 AND model = ?2 AND key = ?3 AND "
                                            "version = ?4"));
  statement->bind(1, row.sequence);
  statement->bind(2, std::string_view(row.model->name));
  statement->bind(3, std::string_view(row.key));
  statement->bind(4, row.version);
  return statement->run();
}

}  // namespace holdfast::server
