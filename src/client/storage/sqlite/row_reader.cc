#include "client/storage/sqlite/row_reader.h"

#include <limits>
#include <optional>

#include "client/storage/related_keys.h"
#include "client/storage/sqlite/row_codec.h"
#include "client/storage/sqlite/sql_bounds.h"
#include "client/storage/sqlite/sql_writer.h"

namespace holdfast::client {
namespace {

/// Counts the rows of a page that SQLite was not asked to count.
class PageCounter {
 public:
  explicit PageCounter(const Query& query) : limit_(query.limit) {
    const bool is_beyond = query.limit > 0 && query.page > std::numeric_limits<std::uint64_t>::max() / query.limit;
    skip_ = is_beyond ? std::numeric_limits<std::uint64_t>::max() : query.limit * query.page;
  }
  /// Whether the next row is of the page.
  bool takes() {
    if (skip_ > 0) {
      --skip_;
      return false;
    }
    ++taken_;
    return true;
  }
  [[nodiscard]] bool is_full() const noexcept { return limit_ > 0 && taken_ >= limit_; }

 private:
  std::uint64_t limit_;
  std::uint64_t skip_ = 0;
  std::uint64_t taken_ = 0;
};

/// What is related to rows of `table`, out of the same connection: so of the same state, since a statement of it is
/// open.
RelatedKeys::Read reading_related(sqlite::Connection& connection, const ModelTable& table) {
  return [&](const RelationSchema& relation, const Predicate& where, const std::function<void(const Record&)>& sink) {
    const auto at = static_cast<std::size_t>(&relation - table.model->relations.data());
    return read_rows(connection, *table.targets[at], {.where = where}, sink);
  };
}

/// Gives sink(statement, record) for each row.
template <class Sink>
Result<void> read_each(sqlite::Connection& connection, const ModelTable& table, const Query& query, const Sql& sql,
                       const Sink& sink) {
  std::optional<RelatedKeys> filter;  // Of a predicate that SQLite cannot be asked.
  if (!fits_sql(query.where)) filter.emplace(query.where, reading_related(connection, table));
  PageCounter page(query);
  HOLDFAST_TRY(statement, connection.cached(sql.text));
  bind_all(*statement, sql);
  Record record(*table.model);
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return {};
    if (auto read = read_fields(*statement, table, record); !read) return read;
    if (filter) {
      const bool is_match = filter->satisfies(record);
      if (!filter->outcome()) return filter->outcome();
      if (!is_match || !page.takes()) continue;
    }
    sink(*statement, record);
    if (filter && page.is_full()) return {};
  }
}

}  // namespace

Result<void> read_rows(sqlite::Connection& connection, const ModelTable& table, const Query& query,
                       const std::function<void(Record&)>& sink) {
  return read_each(connection, table, query, select_statement(table, query),
                   [&sink](const sqlite::Statement&, Record& record) { sink(record); });
}

Result<void> read_placed_rows(sqlite::Connection& connection, const ModelTable& table, const Query& query,
                              const std::function<void(Record&, Place)>& sink) {
  const auto place = static_cast<int>(table.forms.size());
  return read_each(connection, table, query, select_statement(table, query, true),
                   [&](const sqlite::Statement& row, Record& record) { sink(record, row.column_integer(place)); });
}

Result<std::size_t> count_rows(sqlite::Connection& connection, const ModelTable& table, const Predicate& where) {
  if (!fits_sql(where)) {
    std::size_t count = 0;
    auto read = read_rows(connection, table, {.where = where}, [&count](Record&) { ++count; });
    return read ? Result<std::size_t>(count) : Result<std::size_t>(std::move(read).error());
  }
  const auto sql = count_statement(table, where);
  HOLDFAST_TRY(statement, connection.cached(sql.text));
  bind_all(*statement, sql);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? static_cast<std::size_t>(statement->column_integer(0)) : 0U;
}

Result<std::vector<std::string>> explain_rows(sqlite::Connection& connection, const ModelTable& table,
                                              const Query& query) {
  constexpr int detail_column = 3;  // Of id, parent, an unused one, detail.
  auto sql = select_statement(table, query);
  sql.text.insert(0, "EXPLAIN QUERY PLAN ");
  HOLDFAST_TRY(statement, connection.prepare(sql.text));
  bind_all(statement, sql);
  std::vector<std::string> lines;
  for (;;) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) break;
    lines.emplace_back(statement.column_text(detail_column));
  }
  if (!fits_sql(query.where)) lines.emplace_back("FILTER OUTSIDE SQLITE: the predicate is too large for its parser");
  return lines;
}

Result<std::optional<Stored>> read_row(sqlite::Connection& connection, const ModelTable& table, const Key& key) {
  HOLDFAST_TRY(statement, connection.cached(table.find));
  bind_key(*statement, key, table);
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return std::optional<Stored>();
  Stored stored{.record = Record(*table.model), .metadata = {}};
  if (auto read = read_fields(*statement, table, *stored.record); !read) return std::move(read).error();
  const auto fields = static_cast<int>(table.forms.size());
  stored.metadata.version = statement->column_integer(fields);
  stored.metadata.last_changed_at = from_epoch_ms(statement->column_integer(fields + 1));
  stored.place = statement->column_integer(fields + 2);
  return std::optional(std::move(stored));
}

}  // namespace holdfast::client
