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

Result<std::optional<Image>> only_image(sqlite::Statement& statement, const ModelSchema& model) {
  HOLDFAST_TRY(has_row, statement.step());
  if (!has_row) return std::optional<Image>();
  HOLDFAST_TRY(image, image_of(statement, model));
  return std::optional<Image>(std::move(image));
}

/// Steps `statement`, whose column 4 is the position of its row. `next` when rows are left to look at.
Result<ImagePage> page_of(sqlite::Statement& statement, const ModelSchema& model, std::uint32_t limit,
                          const Predicate& where) {
  ImagePage page;
  for (std::uint32_t looked_at = 0; page.images.size() < std::max(limit, 1U) && looked_at < Store::looked_at_max;
       ++looked_at) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) return page;
    if (auto added = add_image(statement, model, where, page.images); !added) return std::move(added).error();
  }
  const auto position = statement.column_integer(4);
  HOLDFAST_TRY(has_more, statement.step());
  if (has_more) page.next = position_text(position);
  return page;
}

/// What a put must know of the record before it.
struct Standing {
  std::int64_t version = 0;
  bool is_deleted = false;
};

Result<Standing> read_standing(sqlite::Connection& connection, std::string_view model, std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT version, is_deleted FROM records WHERE model = ?1 AND key = ?2"));
  statement->bind(1, model);
  statement->bind(2, key);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Standing{};
  return Standing{statement->column_integer(0), statement->column_integer(1) != 0};
}

/// The image that is stored, as it is.
Result<std::string> read_text(sqlite::Connection& connection, std::string_view model, std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT image FROM records WHERE model = ?1 AND key = ?2"));
  statement->bind(1, model);
  statement->bind(2, key);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? std::string(statement->column_text(0)) : std::string("{}");
}

/// Parameters 1 to 7 of the two inserts.
struct WrittenRow {
  std::string_view model;
  std::string_view key;
  Metadata metadata;
  std::int64_t sequence = 0;
  std::string_view image;

  void bind_to(sqlite::Statement& statement) const {
    statement.bind(1, model);
    statement.bind(2, key);
    statement.bind(3, metadata.version);
    statement.bind(4, epoch_ms(metadata.last_changed_at));
    statement.bind(5, std::int64_t{metadata.is_deleted});
    statement.bind(6, sequence);
    statement.bind(7, image);
  }
};

Result<void> write_record(sqlite::Connection& connection, const WrittenRow& row) {
  HOLDFAST_TRY(statement,
               connection.cached("INSERT INTO records(model, key, version, last_changed_at, is_deleted, sequence, "
                                 "first_sequence, image) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) "
                                 "ON CONFLICT(model, key) DO UPDATE SET version = excluded.version, "
                                 "last_changed_at = excluded.last_changed_at, is_deleted = excluded.is_deleted, "
                                 "sequence = excluded.sequence, image = excluded.image"));
  row.bind_to(*statement);
  return statement->run();
}

/// The row in the place of a live one of version `expected`; false when what stands there is another, or a tombstone.
/// The common case of a put, at half the price of looking first.
Result<bool> replace_live(sqlite::Connection& connection, const WrittenRow& row, std::int64_t expected) {
  HOLDFAST_TRY(statement,
               connection.cached("UPDATE records SET version = ?3, last_changed_at = ?4, is_deleted = ?5, "
                                 "sequence = ?6, image = ?7 "
                                 "WHERE model = ?1 AND key = ?2 AND version = ?8 AND NOT is_deleted"));
  row.bind_to(*statement);
  statement->bind(8, expected);
  if (auto updated = statement->run(); !updated) return std::move(updated).error();
  return connection.changes() == 1;
}

Result<void> write_change(sqlite::Connection& connection, const WrittenRow& row, std::string_view mutation_id) {
  HOLDFAST_TRY(statement,
               connection.cached("INSERT INTO changes(model, key, version, last_changed_at, is_deleted, sequence, "
                                 "image, mutation_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  row.bind_to(*statement);
  if (!mutation_id.empty()) statement->bind(8, mutation_id);
  return statement->run();
}

/// The end of a put whose row has been written.
Result<AppliedPut> log_written(sqlite::Connection& connection, const ConditionalPut& put, const WrittenRow& row,
                               bool is_new) {
  if (auto logged = write_change(connection, row, put.mutation_id); !logged) return std::move(logged).error();
  return AppliedPut{PutOutcome{PutOutcome::Kind::written, Image{put.record, row.metadata}}, is_new};
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

Result<std::optional<Image>> read_current(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT version, last_changed_at, is_deleted, image FROM records "
                                            "WHERE model = ?1 AND key = ?2"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, key);
  return only_image(*statement, model);
}

Result<std::optional<Image>> read_version(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key, std::int64_t version) {
  HOLDFAST_TRY(statement, connection.cached("SELECT version, last_changed_at, is_deleted, image FROM changes "
                                            "WHERE model = ?1 AND key = ?2 AND version = ?3"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, key);
  statement->bind(3, version);
  return only_image(*statement, model);
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

Result<ImagePage> read_list(sqlite::Connection& connection, const ModelSchema& model,
                            const Store::ListOptions& options) {
  HOLDFAST_TRY(position, position_of(options.after));
  HOLDFAST_TRY(statement,
               connection.cached(options.with_tombstones
                                     ? "SELECT version, last_changed_at, is_deleted, image, first_sequence FROM records "
                                       "WHERE model = +?1 AND first_sequence > ?2 ORDER BY first_sequence"
                                     : "SELECT version, last_changed_at, is_deleted, image, first_sequence FROM records "
                                       "WHERE model = +?1 AND first_sequence > ?2 AND NOT is_deleted "
                                       "ORDER BY first_sequence"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, position);
  return page_of(*statement, model, options.limit, options.where);
}

Result<ImagePage> read_changes(sqlite::Connection& connection, const ModelSchema& model, const ChangesQuery& query) {
  HOLDFAST_TRY(position, position_of(query.after));
  HOLDFAST_TRY(statement,
               connection.cached("SELECT version, last_changed_at, is_deleted, image, last_changed_at FROM records "
                                 "WHERE model = +?1 AND last_changed_at >= ?2 ORDER BY last_changed_at"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::max(epoch_ms(query.since), position + 1));
  return page_of(*statement, model, query.limit, Predicate());
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

Result<AppliedPut> apply_put(sqlite::Connection& connection, const PutGround& ground, const ConditionalPut& put,
                             Stamp stamp) {
  if (!put.mutation_id.empty()) {
    HOLDFAST_TRY(repeated, read_mutation(connection, ground.schema, put.mutation_id));
    if (repeated) return AppliedPut{PutOutcome{PutOutcome::Kind::repeated, *std::move(repeated)}};
  }
  const ModelSchema& model = *put.record.model;
  const std::string key = put.record.key().text();
  if (put.expected_version > 0 && !ground.lost.any_of(model)) {
    const auto image = image_text(put.record);
    const Metadata metadata{put.expected_version + 1, stamp.at, put.is_deleted};
    const WrittenRow row{model.name, key, metadata, stamp.sequence, image};
    HOLDFAST_TRY(is_replaced, replace_live(connection, row, put.expected_version));
    if (is_replaced) return log_written(connection, put, row, false);
  }
  HOLDFAST_TRY(standing, read_standing(connection, model.name, key));
  if (standing.version != put.expected_version) {
    HOLDFAST_TRY(current, read_current(connection, model, key));
    return AppliedPut{PutOutcome{PutOutcome::Kind::changed_meanwhile, std::move(current).value_or(Image())}};
  }
  auto image = image_text(put.record);
  // A record that is made anew, on a tombstone as well, starts with nothing but what it was given.
  if (standing.version > 0 && !standing.is_deleted && ground.lost.any_of(model)) {
    HOLDFAST_TRY(before, read_text(connection, model.name, key));
    HOLDFAST_TRY(whole, ground.lost.kept(model, std::move(image), before));
    image = std::move(whole);
  }
  const Metadata metadata{standing.version + 1, stamp.at, put.is_deleted};
  const WrittenRow row{model.name, key, metadata, stamp.sequence, image};
  if (auto written = write_record(connection, row); !written) return std::move(written).error();
  return log_written(connection, put, row, standing.version == 0 || standing.is_deleted);
}

}  // namespace holdfast::server
