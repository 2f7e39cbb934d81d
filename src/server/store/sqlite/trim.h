// Forgetting: old rows of `changes`, and tombstones.
#pragma once

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// As Store::trim, inside the transaction that is open.
Result<bool> trim_model(sqlite::Connection& connection, const ModelSchema& model, const Store::TrimOptions& options);

}  // namespace holdfast::server
