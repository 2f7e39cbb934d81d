// Order: how the rows of a live query stand, the same as a query would read them.
#pragma once

#include <utility>
#include <vector>

#include "client/storage/storage.h"
#include "holdfast/predicate.h"

namespace holdfast::observe {

/// What decides where a row stands: the values it is sorted by, and its place among equals.
struct Position {
  std::vector<Value> values;
  client::Place place = 0;
};

/// By the sort keys, then by place: strict for the rows of one model, since no two share a place.
/// Immutable; safe to read from any thread.
class Order {
 public:
  /// `sort` has passed `check` for the model.
  Order(const ModelSchema& model, const std::vector<SortKey>& sort);

  [[nodiscard]] Position position_of(const Record& record, client::Place place) const;
  [[nodiscard]] bool is_before(const Position& left, const Position& right) const;

 private:
  std::vector<std::pair<std::size_t, int>> fields_;  ///< The field's index; 1 for ascending, -1 for descending.
};

}  // namespace holdfast::observe
