// Image: the newest state of a record at the service, kept while unsent changes hide it.
//
// A row that has entries in the outbox shows image + edits. The image is written when the service is heard of a
// record with entries, and dropped with the last entry; without one the visible row is the image.
#pragma once

#include <optional>

#include "client/storage/storage.h"

namespace holdfast::outbox {

struct Image {
  std::optional<Record> record;  ///< Null when the service holds a tombstone, or nothing.
  Metadata metadata;
};

/// Null when none is kept. Codes: the storage's; corrupt when it can not be read.
Result<std::optional<Image>> read_image(client::Transaction& transaction, const ModelSchema& model, const Key& key);
Result<void> write_image(client::Transaction& transaction, const ModelSchema& model, const Key& key,
                         const Image& image);
Result<void> drop_image(client::Transaction& transaction, const ModelSchema& model, const Key& key);

}  // namespace holdfast::outbox
