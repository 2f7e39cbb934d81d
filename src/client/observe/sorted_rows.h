// SortedRows: the rows of one live query in order, of which any moment can be kept.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "client/observe/order.h"
#include "holdfast/observe.h"

namespace holdfast::observe {

/// One row of a live query. Immutable: an update makes another.
struct Row {
  Position position;
  std::shared_ptr<const void> element;  // Shared with the snapshots it is in.
  std::string_view key;                 ///< The key's text, owned by whoever keeps the rows; snapshots do not read it.
};
using RowPointer = std::shared_ptr<const Row>;

/// Rows lie in chunks; a change copies the chunk it falls into and the list of chunks, and leaves the rest to be shared
/// with snapshots: some hundred pointers for ten thousand rows, some thousand for a million. A snapshot is one pointer.
/// Not thread-safe; the Rows that it hands out are immutable.
class SortedRows {
 public:
  explicit SortedRows(Order order) : order_(std::move(order)) {}

  [[nodiscard]] const Order& order() const noexcept { return order_; }
  [[nodiscard]] std::size_t size() const noexcept;

  /// Takes these rows instead, in any order; cheapest in their own.
  void assign(std::vector<RowPointer> rows);
  /// Returns the row's index. No row of its position is there.
  std::size_t insert(RowPointer row);
  /// Removes the row at this position, which is there; returns the index it had.
  std::size_t erase(const Position& position);
  /// Puts `row` where the row at `row->position` is; returns its index.
  std::size_t replace(RowPointer row);
  void clear() noexcept { content_.reset(); }
  /// The row at this position; null when there is none.
  [[nodiscard]] RowPointer find(const Position& position) const;

  /// Up to `count` rows, the one at index `first` first.
  [[nodiscard]] Rows rows(std::size_t first, std::size_t count) const;
  void visit(const std::function<void(const Row&)>& each) const;

 private:
  struct Spot;
  [[nodiscard]] Spot spot_of(const Position& position) const;

  Order order_;
  std::shared_ptr<const Rows::Content> content_;  // Shared with snapshots. Null: no rows.
};

}  // namespace holdfast::observe
