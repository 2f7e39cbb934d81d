#include "server/store/sqlite/trim.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "base/json.h"
#include "server/store/sqlite/rows.h"
#include "server/store/sqlite/versions.h"

namespace holdfast::server {
namespace {

/// A stretch of the log.
struct Walked {
  std::vector<ChainRow> superseded = {};  ///< The rows that those of the models that are trimmed followed.
  std::uint32_t looked_at = 0;
  std::int64_t last = 0;                  ///< The sequence of the last one.
};

using Models = std::vector<const ModelSchema*>;

/// An object: of each model's log, all rows up to this sequence have had the row before them removed.
constexpr std::string_view cursors_setting = "store.trimmed";

/// What cannot be read is walked once more, which removes nothing that is left.
Result<Object> read_cursors(sqlite::Connection& connection) {
  HOLDFAST_TRY(text, read_setting(connection, cursors_setting));
  const auto read = json::parse(text.value_or("{}"));
  const auto* cursors = read ? read->as_object() : nullptr;
  return cursors ? *cursors : Object();
}

std::int64_t cursor_of(const Object& cursors, const ModelSchema& model) {
  const auto* cursor = cursors.at(model.name).as_integer();
  return cursor ? *cursor : 0;
}

/// The log has no index by model: a row of every write would pay for it. It is walked once for all models instead.
Result<Walked> walk(sqlite::Connection& connection, const Models& models, std::int64_t cursor,
                    const Store::TrimOptions& options) {
  HOLDFAST_TRY(statement, connection.cached("SELECT sequence, model, key, version, previous, last_changed_at "
                                            "FROM changes WHERE sequence > ?1 ORDER BY sequence"));
  statement->bind(1, cursor);
  Walked walked{.last = cursor};
  while (walked.looked_at < options.rows_max) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row || from_epoch_ms(statement->column_integer(5)) >= options.changes_before) break;
    ++walked.looked_at;
    walked.last = statement->column_integer(0);
    const auto name = statement->column_text(1);
    const auto is_named = [&](const ModelSchema* model) { return model->name == name; };
    const auto of = std::find_if(models.begin(), models.end(), is_named);
    const auto previous = statement->column_integer(4);
    if (of == models.end() || previous == 0) continue;
    const auto version = statement->column_integer(3);
    walked.superseded.push_back({previous, *of, std::string(statement->column_text(2)), version - 1});
  }
  return walked;
}

/// Whether it stopped at rows_max.
Result<bool> trim_changes(sqlite::Connection& connection, const Models& models, const Store::TrimOptions& options) {
  HOLDFAST_TRY(cursors, read_cursors(connection));
  auto cursor = std::numeric_limits<std::int64_t>::max();
  for (const auto* model : models) cursor = std::min(cursor, cursor_of(cursors, *model));
  HOLDFAST_TRY(walked, walk(connection, models, cursor, options));
  if (walked.looked_at == 0) return false;
  for (const auto& row : walked.superseded) {
    if (auto removed = remove_change(connection, row); !removed) return std::move(removed).error();
  }
  for (const auto* model : models) cursors.set(model->name, std::max(cursor_of(cursors, *model), walked.last));
  auto noted = write_setting(connection, cursors_setting, json::write(Value(std::move(cursors))));
  if (!noted) return std::move(noted).error();
  return walked.looked_at == options.rows_max;
}

/// A tombstone that is old enough.
struct Tombstone {
  std::int64_t rowid = 0;
  ChainRow last = {};
};

Result<std::vector<Tombstone>> read_tombstones(sqlite::Connection& connection, const ModelSchema& model,
                                               const Store::TrimOptions& options) {
  HOLDFAST_TRY(statement, connection.cached("SELECT rowid, sequence, key, version FROM records INDEXED BY "
                                            "records_by_deletion WHERE model = ?1 AND is_deleted = 1 AND "
                                            "last_changed_at < ?2 AND sequence < (SELECT max(sequence) FROM changes) "
                                            "ORDER BY last_changed_at LIMIT ?3"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, epoch_ms(options.tombstones_before));
  statement->bind(3, std::int64_t{options.rows_max});
  std::vector<Tombstone> found;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return found;
    ChainRow last{.sequence = statement->column_integer(1),
                  .model = &model,
                  .key = std::string(statement->column_text(2)),
                  .version = statement->column_integer(3)};
    found.push_back({statement->column_integer(0), std::move(last)});
  }
}

Result<bool> trim_tombstones(sqlite::Connection& connection, const ModelSchema& model,
                             const Store::TrimOptions& options) {
  HOLDFAST_TRY(tombstones, read_tombstones(connection, model, options));
  for (const auto& tombstone : tombstones) {
    HOLDFAST_TRY(statement, connection.cached("DELETE FROM records WHERE rowid = ?1"));
    statement->bind(1, tombstone.rowid);
    if (auto removed = statement->run(); !removed) return std::move(removed).error();
    // The last of its rows: those of earlier versions went when the log was walked, which reaches at least as far.
    if (auto removed = remove_change(connection, tombstone.last); !removed) return std::move(removed).error();
  }
  return tombstones.size() == options.rows_max;
}

}  // namespace

Result<bool> trim_models(sqlite::Connection& connection, const Models& models, const Store::TrimOptions& options) {
  HOLDFAST_TRY(has_more, trim_changes(connection, models, options));
  if (has_more) return true;
  for (const auto* model : models) {
    HOLDFAST_TRY(has_tombstones, trim_tombstones(connection, *model, options));
    has_more = has_more || has_tombstones;
  }
  return has_more;
}

}  // namespace holdfast::server
