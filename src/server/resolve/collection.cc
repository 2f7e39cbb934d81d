#include "server/resolve/collection.h"

#include <iterator>
#include <utility>

namespace holdfast::server {
namespace {

constexpr std::uint32_t scan_rows = 1000;   // A read of the store: large enough to be cheap, small enough to hold.
constexpr int reads_max = 16;               // Reads of the store for one page before it is given out short.
constexpr std::string_view position_name = "n";
constexpr std::string_view place_name = "p";

}  // namespace

bool Selecting::admits(const Image& image) const {
  if (image.metadata.is_deleted && !evaluate(where, image.record)) return false;
  return filter.admits(image);
}

Result<CollectionPage> page_in_store_order(Store& store, const Selecting& selecting, const Object& after) {
  CollectionPage page;
  std::string position = after.at(position_name).as_string() ? *after.at(position_name).as_string() : std::string();
  for (int reads = 0; reads < reads_max; ++reads) {
    const auto wanted = selecting.limit - static_cast<std::uint32_t>(page.images.size());
    HOLDFAST_TRY(part, store.list(*selecting.model, {.where = selecting.where,
                                                     .with_tombstones = selecting.with_tombstones,
                                                     .limit = wanted,
                                                     .after = position}));
    for (auto& image : part.images) {
      if (selecting.admits(image)) page.images.push_back(std::move(image));
    }
    position = std::move(part.next);
    if (position.empty() || page.images.size() >= selecting.limit) break;
  }
  if (!position.empty()) page.next.set(position_name, std::move(position));
  return page;
}

bool SortedRows::Place::operator<(const Place& right) const {
  for (std::size_t at = 0; at < values.size() && at < right.values.size(); ++at) {
    const int order = compare_values(values[at], right.values[at]);
    if (order != 0) return is_descending ? order > 0 : order < 0;
  }
  return false;
}

SortedRows::SortedRows(const Selecting& selecting, const Object& after) : selecting_(selecting) {
  after_.is_descending = selecting.is_descending;
  if (const auto* values = after.at(place_name).as_list()) after_.values = *values;
}

SortedRows::Place SortedRows::place_of(const Image& image, std::int64_t arrivals) const {
  Place place;
  if (selecting_.sort.empty()) {
    place.values.emplace_back(arrivals);
    return place;
  }
  place.is_descending = selecting_.is_descending;
  for (const auto& name : selecting_.sort) place.values.push_back(image.record[name]);
  place.values.emplace_back(image.record.key().text());
  return place;
}

void SortedRows::add(const Image& image) {
  auto place = place_of(image, ++arrivals_);
  if (!after_.values.empty() && !(after_ < place)) return;
  rows_.emplace(std::move(place), image);
  // One row more than the page tells that there is a next one.
  if (rows_.size() > std::size_t{selecting_.limit} + 1) rows_.erase(std::prev(rows_.end()));
}

CollectionPage SortedRows::take() {
  CollectionPage page;
  const bool has_more = rows_.size() > selecting_.limit;
  if (has_more) rows_.erase(std::prev(rows_.end()));
  if (has_more) page.next.set(place_name, List(std::prev(rows_.end())->first.values));
  for (auto& row : rows_) page.images.push_back(std::move(row.second));
  rows_.clear();
  return page;
}

Result<void> scan(Store& store, const Selecting& selecting, const std::function<void(const Image&)>& visit) {
  std::string position;
  do {
    HOLDFAST_TRY(part, store.list(*selecting.model, {.where = selecting.where,
                                                     .with_tombstones = selecting.with_tombstones,
                                                     .limit = scan_rows,
                                                     .after = position}));
    for (const auto& image : part.images) {
      if (selecting.admits(image)) visit(image);
    }
    position = std::move(part.next);
  } while (!position.empty());
  return {};
}

}  // namespace holdfast::server
