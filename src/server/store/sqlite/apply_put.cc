#include "server/store/sqlite/apply_put.h"

#include <utility>

#include "server/store/sqlite/image_text.h"

namespace holdfast::server {
namespace {

Result<Standing> read_standing(sqlite::Connection& connection, const ModelSchema& model, std::string_view key) {
  HOLDFAST_TRY(statement, connection.cached("SELECT rowid, sequence, version, is_deleted FROM records "
                                            "WHERE model = ?1 AND key = ?2"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, key);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Standing{};
  return Standing{statement->column_integer(0), statement->column_integer(1), statement->column_integer(2),
                  statement->column_integer(3) != 0};
}

/// The image that is stored, as it is.
Result<std::string> read_text(sqlite::Connection& connection, const Standing& standing) {
  HOLDFAST_TRY(statement, connection.cached("SELECT image FROM records WHERE rowid = ?1"));
  statement->bind(1, standing.rowid);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? std::string(statement->column_text(0)) : std::string("{}");
}

/// What is written of a put: parameters 1 to 5 of all three statements.
struct WrittenRow {
  std::string_view model;
  std::string_view key;
  Metadata metadata;
  std::int64_t sequence = 0;
  std::string_view image;

  void bind_to(sqlite::Statement& statement) const {
    statement.bind(1, metadata.version);
    statement.bind(2, epoch_ms(metadata.last_changed_at));
    statement.bind(3, std::int64_t{metadata.is_deleted});
    statement.bind(4, sequence);
    statement.bind(5, image);
  }
};

Result<void> insert_record(sqlite::Connection& connection, const WrittenRow& row) {
  HOLDFAST_TRY(statement,
               connection.cached("INSERT INTO records(version, last_changed_at, is_deleted, sequence, image, model, key, "
                                 "first_sequence) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4)"));
  row.bind_to(*statement);
  statement->bind(6, row.model);
  statement->bind(7, row.key);
  return statement->run();
}

Result<void> replace_record(sqlite::Connection& connection, const WrittenRow& row, const Standing& standing) {
  HOLDFAST_TRY(statement,
               connection.cached("UPDATE records SET version = ?1, last_changed_at = ?2, is_deleted = ?3, sequence = ?4, "
                                 "image = ?5 WHERE rowid = ?6 AND sequence = ?7"));
  row.bind_to(*statement);
  statement->bind(6, standing.rowid);
  statement->bind(7, standing.sequence);
  if (auto updated = statement->run(); !updated) return updated;
  if (connection.changes() == 1) return {};
  // Nobody else writes in the transaction in which the record was read.
  return Error{Code::corrupt, "an index of records tells of a row that is not there; restore a backup"};
}

Result<void> log_change(sqlite::Connection& connection, const WrittenRow& row, std::int64_t previous,
                        std::string_view mutation_id) {
  HOLDFAST_TRY(statement,
               connection.cached("INSERT INTO changes(version, last_changed_at, is_deleted, sequence, image, model, key, "
                                 "previous, mutation_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
  row.bind_to(*statement);
  statement->bind(6, row.model);
  statement->bind(7, row.key);
  statement->bind(8, previous);
  if (!mutation_id.empty()) statement->bind(9, mutation_id);
  return statement->run();
}

/// As it is stored, with what the image that it replaces holds of fields that the schema has lost. A record that is made
/// anew, on a tombstone as well, starts with nothing but what it was given.
Result<std::string> text_of(sqlite::Connection& connection, const PutGround& ground, const ConditionalPut& put,
                            const Standing& standing) {
  auto image = image_text(put.record);
  const ModelSchema& model = *put.record.model;
  if (standing.version == 0 || standing.is_deleted || !ground.lost.any_of(model)) return image;
  HOLDFAST_TRY(before, read_text(connection, standing));
  return ground.lost.kept(model, std::move(image), before);
}

}  // namespace

Result<AppliedPut> apply_put(sqlite::Connection& connection, const PutGround& ground, const ConditionalPut& put,
                             Stamp stamp, const std::optional<ReadRecord>& last_read) {
  if (!put.mutation_id.empty()) {
    HOLDFAST_TRY(repeated, read_mutation(connection, ground.schema, put.mutation_id));
    if (repeated) return AppliedPut{PutOutcome{PutOutcome::Kind::repeated, *std::move(repeated)}};
  }
  const ModelSchema& model = *put.record.model;
  const std::string key = put.record.key().text();
  const bool is_known = last_read && last_read->model == &model && last_read->key == key;
  HOLDFAST_TRY(standing, is_known ? Result<Standing>(last_read->standing) : read_standing(connection, model, key));
  if (standing.version != put.expected_version) {
    HOLDFAST_TRY(current, read_current(connection, model, key));
    return AppliedPut{PutOutcome{PutOutcome::Kind::changed_meanwhile, std::move(current.image).value_or(Image())}};
  }
  HOLDFAST_TRY(image, text_of(connection, ground, put, standing));
  const WrittenRow row{model.name, key, {standing.version + 1, stamp.at, put.is_deleted}, stamp.sequence, image};
  auto written = standing.version == 0 ? insert_record(connection, row) : replace_record(connection, row, standing);
  if (!written) return std::move(written).error();
  auto logged = log_change(connection, row, standing.sequence, put.mutation_id);
  if (!logged) return std::move(logged).error();
  return AppliedPut{PutOutcome{PutOutcome::Kind::written, Image{put.record, row.metadata}},
                    standing.version == 0 || standing.is_deleted};
}

}  // namespace holdfast::server
