// Reads by an index of `records`.
#pragma once

#include <string>
#include <vector>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// As Store::read_index, in one snapshot: many short reads, of which each ends at its own limit.
Result<std::vector<ImagePage>> read_partitions(sqlite::Connection& connection, const ModelSchema& model,
                                               const Store::IndexOptions& options,
                                               const std::vector<Store::Partition>& partitions);

/// The statement of a read: `equal` of the index's fields have a value; then, when `is_bounded`, the next column lies
/// beyond a value or, when `is_inclusive`, at it. All after that in order. Parameters: the model has none, then the
/// values in the order of the columns.
struct IndexStatement {
  std::size_t equal = 1;
  bool is_bounded = false;
  bool is_inclusive = false;
  bool is_descending = false;

  [[nodiscard]] std::string sql(const ModelSchema& model, const IndexFields& fields) const;
};

}  // namespace holdfast::server
