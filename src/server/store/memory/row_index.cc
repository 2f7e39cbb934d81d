#include "server/store/memory/row_index.h"

#include <algorithm>
#include <iterator>

namespace holdfast::server {
namespace {

/// Whether the image is one of the page's.
bool belongs(const Store::IndexOptions& options, const Image& image) {
  return image.metadata.is_deleted ? options.with_tombstones : evaluate(options.where, image.record);
}

}  // namespace

bool RowIndex::Order::operator()(const Entry& left, const Entry& right) const {
  const int order = compare_leading(left.values, right.values);
  return order == 0 ? left.first_sequence < right.first_sequence : order < 0;
}

bool RowIndex::Order::operator()(const Entry& entry, const Cut& cut) const {
  const int order = compare_leading(entry.values, cut.values);
  if (order != 0) return order < 0;
  if (!cut.first_sequence || entry.first_sequence == *cut.first_sequence) return cut.is_after;
  return entry.first_sequence < *cut.first_sequence;
}

std::optional<RowIndex::Entry> RowIndex::entry_of(const Row& row) const {
  Entry entry{{}, row.first_sequence};
  for (const auto& name : fields_) {
    entry.values.push_back(current(row).record[name]);
    if (entry.values.back().is_null()) return std::nullopt;
  }
  return entry;
}

void RowIndex::add(const Row& row) {
  if (auto entry = entry_of(row)) entries_.emplace(*std::move(entry), &row);
}

void RowIndex::remove(const Row& row) {
  if (const auto entry = entry_of(row)) entries_.erase(*entry);
}

Result<RowIndex::Cut> RowIndex::begin_of(const IndexRange& range, const Store::Partition& partition) const {
  Cut cut{partition.values, std::nullopt, range.is_descending};
  if (!partition.after.empty()) {
    HOLDFAST_TRY(place, IndexPlace::from_text(partition.after, fields_.size() - partition.values.size()));
    cut.values.insert(cut.values.end(), place.sort_values.begin(), place.sort_values.end());
    return Cut{std::move(cut.values), place.first_sequence, !range.is_descending};
  }
  const auto& bound = range.begin();
  if (bound.values.empty()) return cut;
  cut.values.insert(cut.values.end(), bound.values.begin(), bound.values.end());
  cut.is_after = bound.is_exclusive != range.is_descending;
  return cut;
}

Result<ImagePage> RowIndex::page(const Store::IndexOptions& options, const Store::Partition& partition,
                                 RowsLookedAt& rows) const {
  HOLDFAST_TRY(begin, begin_of(options.range, partition));
  ImagePage page;
  IndexPlace place;
  std::uint32_t looked_at = 0;
  const auto partition_size = static_cast<std::ptrdiff_t>(partition.values.size());
  for (auto at = entries_.lower_bound(begin);;) {
    if (options.range.is_descending ? at == entries_.begin() : at == entries_.end()) return page;
    if (rows.is_late()) return RowsLookedAt::out_of_time();
    if (options.range.is_descending) --at;
    const auto& [entry, row] = *at;
    std::vector<Value> sort_values(entry.values.begin() + partition_size, entry.values.end());
    if (compare_leading(entry.values, partition.values) != 0 || options.range.is_past_end(sort_values)) return page;
    if (page.images.size() >= std::max(options.limit, 1U) || looked_at++ == Store::looked_at_max) {
      page.next = place.text();
      return page;
    }
    place = {std::move(sort_values), entry.first_sequence};
    if (belongs(options, current(*row))) page.images.push_back(current(*row));
    if (!options.range.is_descending) ++at;
  }
}

}  // namespace holdfast::server
