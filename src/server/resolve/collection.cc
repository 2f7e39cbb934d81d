#include "server/resolve/collection.h"

#include <string>
#include <utility>

namespace holdfast::server {
namespace {

constexpr int reads_max = 16;  // Reads of the store in one call, before a page is given out short.
constexpr std::string_view position_name = "n";

std::string position_in(const Object& token) {
  const auto* position = token.at(position_name).as_string();
  return position == nullptr ? std::string() : *position;
}

/// What the store can decide about live records. Tombstones pass it, and meet the whole of `admits` afterwards.
Predicate where_of(const Selecting& selecting) {
  if (selecting.where.is_always()) return selecting.filter.live;
  return Predicate::all_of({selecting.where, selecting.filter.live});
}

/// Adds what is admitted of `part`; gives where to go on, empty when the page is full or at its end.
std::string take(ImagePage part, const Selecting& selecting, CollectionPage& page) {
  if (!selecting.admits_all()) {
    std::vector<bool> stays;
    for (const auto& image : part.images) stays.push_back(selecting.admits(image));
    part.images.keep(stays);
  }
  page.images.append(std::move(part.images));
  if (part.next.empty()) page.next = {};
  else page.next.set(position_name, part.next);
  return page.images.size() >= selecting.limit ? std::string() : std::move(part.next);
}

/// A primary key of one field has no index beside it: each of its values is one record at most, and the page is whole.
bool is_by_whole_key(const Selecting& selecting) {
  return selecting.index.size() == 1 && selecting.index == selecting.model->primary_key;
}

Result<std::vector<CollectionPage>> pages_by_key(Store& store, const Selecting& selecting,
                                                 const std::vector<Collection>& collections) {
  std::vector<Key> keys;
  for (const auto& each : collections) keys.push_back({each.partition});
  HOLDFAST_TRY(images, store.get_all(*selecting.model, keys));
  std::vector<CollectionPage> pages(collections.size());
  for (std::size_t at = 0; at < pages.size(); ++at) {
    const auto& image = images[at];
    const bool is_there = image && (selecting.with_tombstones || !image->metadata.is_deleted);
    if (is_there && evaluate(selecting.where, image->record) && selecting.filter.admits(*image)) {
      pages[at].images.push_back(*image);
    }
  }
  return pages;
}

}  // namespace

bool Selecting::admits_all() const {
  return where.is_always() && filter.live.is_always() && filter.tombstone.is_always();
}

bool Selecting::admits(const Image& image) const {
  if (image.metadata.is_deleted && !evaluate(where, image.record)) return false;
  return filter.admits(image);
}

Result<CollectionPage> page_of_model(Store& store, const Selecting& selecting, const Object& after) {
  CollectionPage page;
  Store::ListOptions options{.where = where_of(selecting),
                             .with_tombstones = selecting.with_tombstones,
                             .limit = selecting.limit,
                             .after = position_in(after)};
  for (int reads = 0; reads < reads_max; ++reads) {
    options.limit = selecting.limit - static_cast<std::uint32_t>(page.images.size());
    HOLDFAST_TRY(part, store.list(*selecting.model, options));
    options.after = take(std::move(part), selecting, page);
    if (options.after.empty()) break;
  }
  return page;
}

Result<std::vector<CollectionPage>> pages_of(Store& store, const Selecting& selecting,
                                             const std::vector<Collection>& collections) {
  if (is_by_whole_key(selecting)) return pages_by_key(store, selecting, collections);
  Store::IndexOptions options{.fields = selecting.index,
                              .range = selecting.range,
                              .where = where_of(selecting),
                              .with_tombstones = selecting.with_tombstones,
                              .limit = selecting.limit};
  std::vector<Store::Partition> partitions;
  for (const auto& each : collections) partitions.push_back({each.partition, position_in(each.after)});
  HOLDFAST_TRY(parts, store.read_index(*selecting.model, options, partitions));
  std::vector<CollectionPage> pages(collections.size());
  int reads = 1;
  for (std::size_t at = 0; at < pages.size(); ++at) {
    partitions[at].after = take(std::move(parts[at]), selecting, pages[at]);
    for (; !partitions[at].after.empty() && reads < reads_max; ++reads) {
      options.limit = selecting.limit - static_cast<std::uint32_t>(pages[at].images.size());
      HOLDFAST_TRY(more, store.read_index(*selecting.model, options, {partitions[at]}));
      partitions[at].after = take(std::move(more.front()), selecting, pages[at]);
    }
  }
  return pages;
}

}  // namespace holdfast::server
