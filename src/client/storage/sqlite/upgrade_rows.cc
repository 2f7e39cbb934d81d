#include "client/storage/sqlite/upgrade_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/storage/sqlite/row_codec.h"
#include "client/storage/sqlite/tombstone_table.h"
#include "model/scalars.h"

namespace holdfast::client {
namespace {

constexpr std::string_view old_table = "holdfast_upgraded";

/// A row between its tables.
struct Carried {
  Record row;
  Metadata metadata;
  Place place = 0;
  bool is_whole = true;  ///< It has every value that it needs.
};

Object fields_of(const Record& record) {
  Object out;
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    out.append(record.model->fields[at].name, record.values[at]);
  }
  return out;
}

class Rebuild {
 public:
  Rebuild(Upgrade& upgrade, const ModelChange& change)
      : upgrade_(upgrade), change_(change), was_(*change.was.model), is_(*change.is->model) {}

  Result<void> run() {
    auto& connection = upgrade_.connection;
    auto done = connection.run("ALTER TABLE " + sql_name(was_.name) + " RENAME TO " + std::string(old_table));
    if (done) done = connection.run(change_.is->create);
    if (done) done = carry_rows();
    if (done) done = connection.run("DROP TABLE " + std::string(old_table));
    return done;
  }

 private:
  Result<void> carry_rows();
  Result<void> carry(Record& old_row, Carried& to);
  Result<void> fill(const Object& was, Record& row) const;
  void count(const Record& old_row, const Carried& to, const std::vector<Fate>& fates,
             const std::vector<Value>& kept) const;
  Result<void> insert(const Carried& row);
  Result<void> keep_version(const Key& key, const Metadata& metadata);

  Upgrade& upgrade_;
  const ModelChange& change_;
  const ModelSchema& was_;
  const ModelSchema& is_;
  Texts texts_;
};

Result<void> Rebuild::carry_rows() {
  std::string select = "SELECT ";
  for (const auto& field : was_.fields) select += sql_name(field.name) + ", ";
  select += "\"_version\", \"_lastChangedAt\", \"_place\" FROM " + std::string(old_table) + " ORDER BY \"_place\"";
  HOLDFAST_TRY(statement, upgrade_.connection.prepare(select));
  const auto after = static_cast<int>(was_.fields.size());
  Record old_row(was_);
  for (;;) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) return {};
    if (auto read = read_fields(statement, change_.was, old_row); !read) return read;
    Carried to{.row = Record(is_),
               .metadata = {statement.column_integer(after), from_epoch_ms(statement.column_integer(after + 1)), false},
               .place = statement.column_integer(after + 2)};
    const auto key = carried(upgrade_.schemas, change_, old_row.key());
    if (auto done = carry(old_row, to); !done) return done;
    auto written = Result<void>();
    if (to.is_whole) {
      written = insert(to);
    } else if (key) {
      written = keep_version(*key, to.metadata);
    }
    if (!written) return written;
  }
}

Result<void> Rebuild::carry(Record& old_row, Carried& to) {
  const bool is_filled = upgrade_.policy.fill_row != nullptr;
  std::vector<Fate> fates(change_.steps.size(), Fate::kept);
  for (std::size_t at = 0; at < fates.size(); ++at) {
    const auto& from = change_.steps[at].from;
    if (!from) continue;
    to.row.values[at] = old_row.values[*from];
    fates[at] = convert(upgrade_.schemas, was_.fields[*from], is_.fields[at], to.row.values[at]);
  }
  const auto kept = is_filled ? to.row.values : std::vector<Value>();
  if (is_filled) {
    if (auto filled = fill(fields_of(old_row), to.row); !filled) return filled;
  }
  for (std::size_t at = 0; at < fates.size(); ++at) {
    const auto& field = is_.fields[at];
    const bool was_there = change_.steps[at].from && fates[at] != Fate::lost;
    const bool is_needed = is_.is_key(field.name) || (needs_value(field) && !was_there);
    if (is_needed && to.row.values[at].is_null()) to.is_whole = false;
  }
  count(old_row, to, fates, kept);
  return {};
}

Result<void> Rebuild::fill(const Object& was, Record& row) const {
  const auto before = row.values;
  upgrade_.policy.fill_row(was, row);
  HOLDFAST_ASSERT(row.model == &is_ && row.values.size() == before.size(),
                  "fill_row sets fields of the row it is given");
  for (std::size_t at = 0; at < before.size(); ++at) {
    if (row.values[at] == before[at]) continue;
    const auto& field = is_.fields[at];
    if (is_.is_key(field.name)) {
      return Error{Code::invalid_argument, "UpgradePolicy::fill_row set " + is_.name + "." + field.name +
                                               ", which is part of the primary key"};
    }
    if (auto valid = validate_field(upgrade_.schemas.is, is_, field, row.values[at]); !valid) {
      return Error{Code::invalid_argument, "UpgradePolicy::fill_row: " + valid.error().message};
    }
  }
  return {};
}

void Rebuild::count(const Record& old_row, const Carried& to, const std::vector<Fate>& fates,
                    const std::vector<Value>& kept) const {
  for (std::size_t at = 0; at < fates.size(); ++at) {
    const auto& field = is_.fields[at];
    const bool is_filled = !kept.empty() && to.row.values[at] != kept[at];
    const bool is_missing = !change_.steps[at].from && needs_value(field) && to.row.values[at].is_null();
    if (is_missing || (fates[at] != Fate::kept && !is_filled)) ++change_.steps[at].loss->rows;
  }
  for (const auto& gone : change_.gone) {
    if (!old_row.values[gone.field].is_null()) ++gone.loss->rows;
  }
}

Result<void> Rebuild::insert(const Carried& row) {
  texts_.clear();
  texts_.reserve(row.row.values.size());
  HOLDFAST_TRY(statement, upgrade_.connection.cached(change_.is->insert_placed));
  bind_fields(*statement, row.row, *change_.is, texts_);
  const auto fields = static_cast<int>(row.row.values.size());
  statement->bind(fields + 1, row.metadata.version);
  statement->bind(fields + 2, epoch_ms(row.metadata.last_changed_at));
  statement->bind(fields + 3, row.place);
  return statement->run();
}

Result<void> Rebuild::keep_version(const Key& key, const Metadata& metadata) {
  return metadata.version == 0 ? Result<void>() : write_tombstone(upgrade_.connection, is_, key, metadata);
}

}  // namespace

Result<void> add_columns(Upgrade& upgrade, const ModelChange& change) {
  for (std::size_t at = 0; at < change.steps.size(); ++at) {
    if (change.steps[at].from) continue;
    const auto& field = change.is->model->fields[at];
    auto added = upgrade.connection.run("ALTER TABLE " + sql_name(change.is->model->name) + " ADD COLUMN " +
                                        sql_name(field.name) + " " + std::string(declared_type(form_of(field))));
    if (!added) return added;
  }
  return {};
}

Result<void> rebuild_table(Upgrade& upgrade, const ModelChange& change) { return Rebuild(upgrade, change).run(); }

}  // namespace holdfast::client
