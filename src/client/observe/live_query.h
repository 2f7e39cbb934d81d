// LiveQuery: the result of one query, kept up to date by changes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "client/observe/sorted_rows.h"
#include "holdfast/observe.h"
#include "holdfast/predicate.h"

namespace holdfast::observe {

/// What a live query is asked for.
struct LiveQueryOptions {
  Query query = {};   ///< Has passed `check` for its model.
  RowForm form = {};
  std::set<std::string> span = {};  ///< span_of its query.
};

/// Every row that satisfies the predicate, in order; what is shown is the page that the query asks for. So a row that
/// leaves the page is followed by the next without asking the storage. Memory: the matching rows in their form.
/// Not thread-safe.
class LiveQuery {
 public:
  LiveQuery(const ModelSchema& model, LiveQueryOptions options);

  [[nodiscard]] const ModelSchema& model() const noexcept { return model_; }
  [[nodiscard]] const Predicate& where() const noexcept { return options_.query.where; }
  [[nodiscard]] const std::set<std::string>& span() const noexcept { return options_.span; }
  /// Whether changes of other models may change the result: it is read again then, as a change does not tell which rows.
  [[nodiscard]] bool spans_models() const noexcept { return !options_.span.empty(); }

  /// The query for every row, whatever its page.
  [[nodiscard]] Query whole() const { return {.where = options_.query.where, .sort = options_.query.sort}; }
  /// The same live query without rows.
  [[nodiscard]] LiveQuery blank() const { return {model_, options_}; }

  /// A row in the query's form; the text that `key` refers to must stay as long as the row is part of the query.
  [[nodiscard]] Row row_of(Record record, client::Place place, std::string_view key) const;
  /// `before` as it is after an update; itself when nothing of it changed.
  [[nodiscard]] RowPointer updated(const RowPointer& before, const Record& record) const;

  /// All rows anew, in any order; cheapest in the query's.
  void assign(std::vector<RowPointer> rows) { rows_.assign(std::move(rows)); }
  // Whether what is shown is another now:
  bool enter(RowPointer row);
  bool leave(const Row& row);
  bool replace(const Row& before, RowPointer after);  ///< Both at the same place; not the same row.
  bool clear();
  /// All rows as they are read now, in the query's order. Those that are as before remain the same.
  bool refresh(std::vector<Row> rows);

  [[nodiscard]] Rows shown() const { return rows_.rows(first_, end_ - first_); }
  void visit(const std::function<void(const Row&)>& each) const { rows_.visit(each); }

 private:
  [[nodiscard]] std::unordered_map<client::Place, RowPointer> rows_by_place() const;

  const ModelSchema& model_;
  LiveQueryOptions options_;
  SortedRows rows_;
  std::size_t first_ = 0;  ///< The page: the index of its first row, and of the row behind its last.
  std::size_t end_ = 0;
};

}  // namespace holdfast::observe
