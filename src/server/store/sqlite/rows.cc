#include "server/store/sqlite/rows.h"

#include <algorithm>
#include <utility>

#include "server/store/position.h"
#include "server/store/sqlite/image_text.h"

namespace holdfast::server {
namespace {

/// Columns as of image_of().
Metadata metadata_of(const sqlite::Statement& row) {
  return {row.column_integer(0), from_epoch_ms(row.column_integer(1)), row.column_integer(2) != 0};
}

/// Steps `statement`, whose columns are as of image_of(). `next` when rows are left to look at: what `position_at` gives
/// for the last_changed_at of the last row that was looked at.
template <class PositionAt>
Result<ImagePage> page_of(sqlite::Statement& statement, const ModelSchema& model, std::uint32_t limit,
                          const Predicate& where, PositionAt position_at) {
  ImagePage page;
  for (std::uint32_t looked_at = 0; page.images.size() < std::max(limit, 1U) && looked_at < Store::looked_at_max;
       ++looked_at) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) return page;
    if (auto added = add_image(statement, model, where, page.images); !added) return std::move(added).error();
  }
  const auto last_changed_at = statement.column_integer(1);
  HOLDFAST_TRY(has_more, statement.step());
  if (!has_more) return page;
  HOLDFAST_TRY(position, position_at(last_changed_at));  // While the statement holds the snapshot that it read.
  page.next = position_text(position);
  return page;
}

/// Found by the instant of its change, which no other record of the model has. To read it with each row costs a fifth of
/// what SQLite takes for a page.
Result<std::int64_t> first_sequence_of(sqlite::Connection& connection, const ModelSchema& model,
                                       std::int64_t last_changed_at) {
  HOLDFAST_TRY(statement, connection.cached("SELECT first_sequence FROM records "
                                            "WHERE model = +?1 AND last_changed_at = ?2"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, last_changed_at);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Error{Code::corrupt, "an index of records lacks a row; restore a backup"};
  return statement->column_integer(0);
}

}  // namespace

Result<Image> image_of(const sqlite::Statement& row, const ModelSchema& model) {
  HOLDFAST_TRY(record, record_of(model, row.column_text(3)));
  return Image{std::move(record), metadata_of(row)};
}

Result<void> add_image(const sqlite::Statement& row, const ModelSchema& model, const Predicate& where, Images& images) {
  const auto metadata = metadata_of(row);
  if (!images.append(model, row.column_text(3), metadata)) return corrupt_image(model);
  const bool belongs = metadata.is_deleted || where.is_always() || evaluate(where, images.record(images.size() - 1));
  if (!belongs) images.pop_back();
  return {};
}

Result<Current> read_current(sqlite::Connection& connection, const ModelSchema& model, std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT version, last_changed_at, is_deleted, image, rowid, sequence "
                                            "FROM records WHERE model = ?1 AND key = ?2"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, key);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Current{};
  HOLDFAST_TRY(image, image_of(*statement, model));
  const Standing standing{statement->column_integer(4), statement->column_integer(5), image.metadata.version,
                          image.metadata.is_deleted};
  return Current{std::move(image), standing};
}

Result<std::optional<Image>> read_mutation(sqlite::Connection& connection, const Schema& schema, std::string_view id) {
  HOLDFAST_TRY(statement,
               connection.cached("SELECT r.version, r.last_changed_at, r.is_deleted, r.image, r.model FROM changes c "
                                 "JOIN records r ON r.model = c.model AND r.key = c.key WHERE c.mutation_id = ?1"));
  statement->bind(1, id);
  HOLDFAST_TRY(has_row, statement->step());
  const ModelSchema* model = has_row ? schema.model(statement->column_text(4)) : nullptr;
  if (model == nullptr) return std::optional<Image>();
  HOLDFAST_TRY(image, image_of(*statement, *model));
  return std::optional<Image>(std::move(image));
}

// A bare ?1 would have the statement prepared anew each time: SQLite looks at what is bound when an index is partial.
Result<ImagePage> read_list(sqlite::Connection& connection, const ModelSchema& model,
                            const Store::ListOptions& options) {
  HOLDFAST_TRY(position, position_of(options.after));
  HOLDFAST_TRY(statement,
               connection.cached(options.with_tombstones
                                     ? "SELECT version, last_changed_at, is_deleted, image FROM records "
                                       "WHERE model = +?1 AND first_sequence > ?2 ORDER BY first_sequence"
                                     : "SELECT version, last_changed_at, is_deleted, image FROM records "
                                       "WHERE model = +?1 AND first_sequence > ?2 AND NOT is_deleted "
                                       "ORDER BY first_sequence"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, position);
  return page_of(*statement, model, options.limit, options.where, [&](std::int64_t last_changed_at) {
    return first_sequence_of(connection, model, last_changed_at);
  });
}

Result<ImagePage> read_changes(sqlite::Connection& connection, const ModelSchema& model, const ChangesQuery& query) {
  HOLDFAST_TRY(position, position_of(query.after));
  HOLDFAST_TRY(statement,
               connection.cached("SELECT version, last_changed_at, is_deleted, image FROM records "
                                 "WHERE model = +?1 AND last_changed_at >= ?2 ORDER BY last_changed_at"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::max(epoch_ms(query.since), position + 1));
  return page_of(*statement, model, query.limit, Predicate(), [](std::int64_t last_changed_at) {
    return Result<std::int64_t>(last_changed_at);
  });
}

Result<std::optional<std::string>> read_setting(sqlite::Connection& connection, std::string_view name) {
  HOLDFAST_TRY(statement, connection.cached("SELECT value FROM settings WHERE name = ?1"));
  statement->bind(1, name);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return std::optional<std::string>();
  return std::optional<std::string>(statement->column_text(0));
}

Result<void> write_setting(sqlite::Connection& connection, std::string_view name, std::string_view value) {
  HOLDFAST_TRY(statement, connection.cached("INSERT INTO settings(name, value) VALUES(?1, ?2) "
                                            "ON CONFLICT(name) DO UPDATE SET value = excluded.value"));
  statement->bind(1, name);
  statement->bind(2, value);
  return statement->run();
}

Result<Stamp> read_last_stamp(sqlite::Connection& connection) {
  HOLDFAST_TRY(statement, connection.cached("SELECT sequence, last_changed_at FROM changes "
                                            "ORDER BY sequence DESC LIMIT 1"));
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Stamp{};
  return Stamp{statement->column_integer(0), from_epoch_ms(statement->column_integer(1))};
}

}  // namespace holdfast::server
