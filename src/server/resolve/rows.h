// Between stored images and the objects and inputs of the API.
#pragma once

#include <optional>
#include <string>

#include "graphql/execute.h"
#include "server/resolve/filter.h"
#include "server/store/store.h"

namespace holdfast::server {

/// Every field, hidden foreign keys included (relations are found by them), then the metadata.
Object object_of(Image image);
/// What a record is outside the API, for functions and the journal: without its null fields; an image with the
/// metadata that it has.
Object item_of(const Record& record);
Object item_of(const Image& image);
/// The image's object, or null.
Value value_of(std::optional<Image> image);

/// The key among arguments or input members; nothing when a part is missing or null.
std::optional<Key> key_of(const ModelSchema& model, const Object& members);

/// The fields of a create or update input, key fields left out.
Patch patch_of(const ModelSchema& model, const Object& input);

/// A refusal with AppSync's type; `data` is what the client may take as the record.
graphql::FieldError refusal(std::string type, std::string message, std::optional<Value> data = std::nullopt);

}  // namespace holdfast::server
