// The table holdfast_tombstones: what is known of keys that have no row.
#pragma once

#include "holdfast/record.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// Version 0 when nothing is known.
Result<Metadata> read_tombstone(sqlite::Connection& connection, const ModelSchema& model, const Key& key);
/// Replaces what is known.
Result<void> write_tombstone(sqlite::Connection& connection, const ModelSchema& model, const Key& key,
                             const Metadata& metadata);

}  // namespace holdfast::client
