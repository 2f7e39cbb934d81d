// Index reads: which indexes a model has, and where a read of one begins and ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/record.h"

namespace holdfast::server {

/// Fields by which a store can read a model: the first ones by equality, the others in order. In the index are the
/// records, tombstones included, that have a value in every field; ties are in order of first writing.
using IndexFields = std::vector<std::string>;

/// Every index of `model`: those of its schema, its primary key if that has sort fields, and the foreign keys by which
/// has_many and has_one relations lead to it. Distinct, in a fixed order.
std::vector<IndexFields> indexes_of(const Schema& schema, const ModelSchema& model);

/// An end of a range: as many of the sort fields as there are values, compared one after the other. Without values it
/// is no bound at all.
struct IndexBound {
  std::vector<Value> values = {};
  bool is_exclusive = false;
};

/// `from` is the lower end in ascending order, whatever the direction of the read.
struct IndexRange {
  IndexBound from = {};
  IndexBound to = {};
  bool is_descending = false;

  [[nodiscard]] const IndexBound& begin() const noexcept { return is_descending ? to : from; }
  /// `sort_values`: of all sort fields. Whether they lie before where the read begins, or past where it ends.
  [[nodiscard]] bool is_before_begin(const std::vector<Value>& sort_values) const;
  [[nodiscard]] bool is_past_end(const std::vector<Value>& sort_values) const;
};

/// Negative, zero or positive, by the values that both have.
int compare_leading(const std::vector<Value>& left, const std::vector<Value>& right);

/// Where a page of an index read ended: the sort values of its last record, and its first sequence.
struct IndexPlace {
  std::vector<Value> sort_values;
  std::int64_t first_sequence = 0;

  [[nodiscard]] std::string text() const;
  /// Reads what text() wrote for an index with `sort_fields` of them. Code: invalid_argument.
  static Result<IndexPlace> from_text(std::string_view text, std::size_t sort_fields);
};

}  // namespace holdfast::server
