// Records as they cross the wire: JSON objects in GraphQL's field names.
#pragma once

#include "holdfast/record.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// A record received with the service's metadata.
struct Received {
  Record record;
  Metadata metadata;
};

/// Reads one item of a reply: fields by name, hidden foreign keys from the stubs of belongsTo relations,
/// `_version`, `_lastChangedAt`, `_deleted`. Unknown members are ignored; absent ones are null. The key must be whole.
/// Code: malformed, naming the field.
Result<Received> read_record(const ModelSchema& model, const Value& item);

/// The record as a JSON object: every field that is visible in the API, then the metadata.
Object write_record(const Record& record, const Metadata& metadata);

}  // namespace holdfast::protocol
