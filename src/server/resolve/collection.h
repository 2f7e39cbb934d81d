// Collections: pages of the records that a list, an index query or a has_many relation selects.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/resolve/filter.h"
#include "server/store/store.h"

namespace holdfast::server {

/// What to read. `where` narrows in the store, which lets tombstones pass; `filter` decides on every image.
struct Selecting {
  const ModelSchema* model = nullptr;
  Predicate where = {};
  Filter filter = {};
  bool with_tombstones = false;
  std::vector<std::string> sort = {};
  bool is_descending = false;
  std::uint32_t limit = 100;

  [[nodiscard]] bool admits(const Image& image) const;
};

/// `next` is the content of the token for the next page; empty at the end.
struct CollectionPage {
  std::vector<Image> images;
  Object next;
};

/// In order of first writing. `after` is the content of a token. A page may be short and still have a next one:
/// one call looks at a bounded number of rows. Codes: those of Store.
Result<CollectionPage> page_in_store_order(Store& store, const Selecting& selecting, const Object& after);

/// The rows of one collection in sort order, ties by key, or in order of arrival when there is no sort: add all; keeps
/// one page. A token of a page in order of arrival is not for SortedRows but for page_in_store_order.
class SortedRows {
 public:
  SortedRows(const Selecting& selecting, const Object& after);
  void add(const Image& image);
  CollectionPage take();

 private:
  /// Sort values, then the key's text.
  struct Place {
    std::vector<Value> values;
    bool is_descending = false;
    bool operator<(const Place& right) const;
  };
  [[nodiscard]] Place place_of(const Image& image, std::int64_t arrivals) const;

  const Selecting& selecting_;
  Place after_;
  std::int64_t arrivals_ = 0;
  std::map<Place, Image> rows_;
};

/// Calls `visit` with every admitted image, page by page. Codes: those of Store.
Result<void> scan(Store& store, const Selecting& selecting, const std::function<void(const Image&)>& visit);

}  // namespace holdfast::server
