#include "server/store/sqlite/index_read.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "server/store/sqlite/indexes.h"
#include "server/store/sqlite/rows.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

constexpr int first_sort_column = 5;  // After those of image_of() and first_sequence.

/// A value of an index column is null, a number or a text: a boolean is 0 or 1 there, as `->>` gives it.
Value column_value(const sqlite::Statement& row, int column) {
  switch (row.column_kind(column)) {
    case sqlite::ColumnKind::integer: return row.column_integer(column);
    case sqlite::ColumnKind::floating: return row.column_floating(column);
    case sqlite::ColumnKind::null: return {};
    default: return row.column_text(column);
  }
}

void bind(sqlite::Statement& statement, int parameter, const Value& value) {
  if (const auto* text = value.as_string()) {
    statement.bind_copy(parameter, *text);
  } else if (const auto* integer = value.as_integer()) {
    statement.bind(parameter, *integer);
  } else if (const auto* floating = value.as_floating()) {
    statement.bind(parameter, *floating);
  } else if (const auto* boolean = value.as_boolean()) {
    statement.bind(parameter, std::int64_t{*boolean});
  } else {
    statement.bind_copy(parameter, json::write(value));
  }
}

Value as_in_index(const Value& value) {
  const auto* boolean = value.as_boolean();
  return boolean == nullptr ? value : Value(std::int64_t{*boolean});
}

IndexRange as_in_index(IndexRange range) {
  for (auto* bound : {&range.from, &range.to}) {
    for (auto& value : bound->values) value = as_in_index(value);
  }
  return range;
}

/// Where a read begins, as values of the columns after the partition: of the sort fields, and of first_sequence when
/// it is the end of a page.
struct Begin {
  std::vector<Value> values;
  bool is_inclusive = false;
};

/// One page of one partition. SQLite has no index range over several expressions at once, so a read that begins
/// between two records is several statements: those with the same leading values, then those beyond.
class PartitionRead {
 public:
  PartitionRead(sqlite::Connection& connection, const ModelSchema& model, const Store::IndexOptions& options)
      : connection_(connection), model_(model), options_(options), range_(as_in_index(options.range)) {}

  Result<ImagePage> page(const Store::Partition& partition) {
    page_ = {};
    is_over_ = false;
    looked_at_ = 0;
    sort_fields_ = options_.fields.size() - partition.values.size();
    HOLDFAST_TRY(begin, begin_of(partition));
    if (begin.values.empty()) {
      if (auto read = run(partition.values, {}, false); !read) return std::move(read).error();
    }
    for (std::size_t shared = begin.values.size(); shared-- > 0 && !is_over_;) {
      const bool is_inclusive = begin.is_inclusive && shared + 1 == begin.values.size();
      const auto count = static_cast<std::ptrdiff_t>(shared + 1);
      const std::vector<Value> leading(begin.values.begin(), begin.values.begin() + count);
      if (auto read = run(partition.values, leading, is_inclusive); !read) return std::move(read).error();
    }
    return std::move(page_);
  }

 private:
  Result<Begin> begin_of(const Store::Partition& partition) const {
    if (partition.after.empty()) return Begin{range_.begin().values, !range_.begin().is_exclusive};
    HOLDFAST_TRY(place, IndexPlace::from_text(partition.after, sort_fields_));
    place.sort_values.emplace_back(place.first_sequence);
    return Begin{std::move(place.sort_values), false};
  }

  /// `bound`: the last value is the bound, those before it are equal.
  Result<void> run(const std::vector<Value>& partition, const std::vector<Value>& bound, bool is_inclusive) {
    const IndexStatement shape{.equal = partition.size() + (bound.empty() ? 0 : bound.size() - 1),
                               .is_bounded = !bound.empty(),
                               .is_inclusive = is_inclusive,
                               .is_descending = range_.is_descending};
    HOLDFAST_TRY(statement, connection_.cached(shape.sql(model_, options_.fields)));
    int parameter = 0;
    for (const auto& value : partition) bind(*statement, ++parameter, value);
    for (const auto& value : bound) bind(*statement, ++parameter, value);
    while (!is_over_) {
      HOLDFAST_TRY(has_row, statement->step());
      if (!has_row) break;
      if (auto taken = take(*statement, partition.size()); !taken) return taken;
    }
    return {};
  }

  Result<void> take(const sqlite::Statement& row, std::size_t partition_size) {
    std::vector<Value> sort_values;
    for (std::size_t at = 0; at < sort_fields_; ++at) {
      sort_values.push_back(column_value(row, first_sort_column + static_cast<int>(partition_size + at)));
    }
    if (range_.is_past_end(sort_values)) {
      is_over_ = true;
      return {};
    }
    if (page_.images.size() >= std::max(options_.limit, 1U) || looked_at_++ == Store::looked_at_max) {
      page_.next = place_.text();
      is_over_ = true;
      return {};
    }
    place_ = {std::move(sort_values), row.column_integer(first_sort_column - 1)};
    if (!options_.with_tombstones && row.column_integer(2) != 0) return {};
    return add_image(row, model_, options_.where, page_.images);
  }

  sqlite::Connection& connection_;
  const ModelSchema& model_;
  const Store::IndexOptions& options_;
  const IndexRange range_;
  std::size_t sort_fields_ = 0;
  ImagePage page_;
  IndexPlace place_;
  std::uint32_t looked_at_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::string IndexStatement::sql(const ModelSchema& model, const IndexFields& fields) const {
  std::vector<std::string> columns;
  for (const auto& field : fields) columns.push_back(field_expression(field));
  columns.emplace_back("first_sequence");
  std::string text = "SELECT version, last_changed_at, is_deleted, image, first_sequence";
  for (std::size_t at = 0; at < fields.size(); ++at) text += ", " + columns[at];
  // The index is named: a plan without it would be wrong in cost, and is better refused.
  text += " FROM records INDEXED BY " + index_name(model, fields) + " WHERE model = '" + model.name + "'";
  const auto bound = std::string(is_descending ? " <" : " >") + (is_inclusive ? "= ?" : " ?");
  for (std::size_t at = 0; at < columns.size(); ++at) {
    text += " AND " + columns[at];
    if (at < equal) text += " = ?";
    else if (at == equal && is_bounded) text += bound;
    else text += " IS NOT NULL";
  }
  text += " ORDER BY ";
  for (std::size_t at = equal; at < columns.size(); ++at) {
    text += (at == equal ? "" : ", ") + columns[at] + (is_descending ? " DESC" : "");
  }
  return text;
}

Result<std::vector<ImagePage>> read_partitions(sqlite::Connection& connection, const ModelSchema& model,
                                               const Store::IndexOptions& options,
                                               const std::vector<Store::Partition>& partitions) {
  HOLDFAST_TRY(snapshot, sqlite::TransactionScope::snapshot(connection));
  PartitionRead read(connection, model, options);
  std::vector<ImagePage> pages;
  pages.reserve(partitions.size());
  for (const auto& partition : partitions) {
    HOLDFAST_TRY(page, read.page(partition));
    pages.push_back(std::move(page));
  }
  snapshot.roll_back();
  return pages;
}

}  // namespace holdfast::server
