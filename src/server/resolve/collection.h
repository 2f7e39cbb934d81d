// Collections: pages of the records that a list, an index query or a has_many relation selects.
#pragma once

#include <cstdint>
#include <vector>

#include "server/resolve/filter.h"
#include "server/store/store.h"

namespace holdfast::server {

/// What to read. `where` and `filter` decide on every image; the store narrows by them as far as it can.
struct Selecting {
  const ModelSchema* model = nullptr;
  IndexFields index = {};  ///< Empty: the whole model, in order of first writing.
  IndexRange range = {};   ///< On the sort fields of the index; `where` says the same, and more.
  Predicate where = {};
  Filter filter = {};
  bool with_tombstones = false;
  std::uint32_t limit = 100;

  [[nodiscard]] bool admits(const Image& image) const;
  [[nodiscard]] bool admits_all() const;
};

/// `next` is the content of the token for the next page; empty at the end.
struct CollectionPage {
  Images images;
  Object next;
};

/// Of the whole model. `after` is the content of a token. A page may be short and still have a next one: one call looks
/// at a bounded number of rows. Codes: those of Store.
Result<CollectionPage> page_of_model(Store& store, const Selecting& selecting, const Object& after);

/// One collection of the selecting's index, and where to begin in it.
struct Collection {
  std::vector<Value> partition;
  Object after = {};
};
/// A page for each, read together; short ones as above. Codes: those of Store.
Result<std::vector<CollectionPage>> pages_of(Store& store, const Selecting& selecting,
                                             const std::vector<Collection>& collections);

}  // namespace holdfast::server
