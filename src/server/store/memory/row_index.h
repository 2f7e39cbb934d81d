// RowIndex: the rows of a model in memory in the order of an index.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/deadline.h"
#include "server/store/store.h"

namespace holdfast::server {

/// One key's past and present: `images` are its versions from `first_version` on, the last is the current one.
struct Row {
  std::deque<Image> images;
  std::deque<std::string> mutation_ids;  ///< Parallel; empty for a write without one.
  std::int64_t first_version = 1;
  std::int64_t first_sequence = 0;
  std::int64_t sequence = 0;
};

inline const Image& current(const Row& row) { return row.images.back(); }

/// Not thread-safe. A row is removed before it changes and added afterwards.
class RowIndex {
 public:
  explicit RowIndex(IndexFields fields) : fields_(std::move(fields)) {}

  void add(const Row& row);
  void remove(const Row& row);
  [[nodiscard]] const IndexFields& fields() const noexcept { return fields_; }
  /// As Store::read_index, of one partition; `rows` counts those of all partitions of a read.
  [[nodiscard]] Result<ImagePage> page(const Store::IndexOptions& options, const Store::Partition& partition,
                                       RowsLookedAt& rows) const;

 private:
  struct Entry {
    std::vector<Value> values;  ///< Of all fields.
    std::int64_t first_sequence = 0;
  };
  /// A cut between entries: before or after all that are equal to it as far as it goes.
  struct Cut {
    std::vector<Value> values;
    std::optional<std::int64_t> first_sequence;
    bool is_after = false;
  };
  struct Order {
    using is_transparent = void;
    bool operator()(const Entry& left, const Entry& right) const;
    bool operator()(const Entry& entry, const Cut& cut) const;  ///< For lower_bound.
  };

  [[nodiscard]] std::optional<Entry> entry_of(const Row& row) const;
  [[nodiscard]] Result<Cut> begin_of(const IndexRange& range, const Store::Partition& partition) const;

  IndexFields fields_;
  std::map<Entry, const Row*, Order> entries_;
};

}  // namespace holdfast::server
