// Order: how the rows of a live query stand, the same as a query would read them.
#pragma once

#include <vector>

#include "client/storage/storage.h"
#include "holdfast/predicate.h"

namespace holdfast::observe {

/// What decides where a row stands: the values it is sorted by, and its place among equals. Where a sort key goes through
/// relations, which a row does not tell, its rank in the last reading stands for the values.
struct Position {
  std::vector<Value> values;
  client::Place place = 0;
};

/// By the sort keys, then by place: strict for the rows of one model, since no two share a place. By rank, see Position.
/// Immutable; safe to read from any thread.
class Order {
 public:
  /// `sort` has passed `check` for the model.
  Order(const ModelSchema& model, const std::vector<SortKey>& sort);

  [[nodiscard]] bool is_by_rank() const noexcept { return is_by_rank_; }
  /// By rank, without values yet.
  [[nodiscard]] Position position_of(const Record& record, client::Place place) const;
  [[nodiscard]] bool is_before(const Position& left, const Position& right) const;

 private:
  struct By {
    const FieldSchema* field = nullptr;
    std::size_t index = 0;  ///< Of the field.
    int sign = 1;           ///< -1 for descending.
  };
  std::vector<By> fields_;
  bool is_by_rank_ = false;
};

}  // namespace holdfast::observe
