// Forgetting: old rows of `changes`, and tombstones.
#pragma once

#include <vector>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// As Store::trim, inside the transaction that is open.
Result<bool> trim_models(sqlite::Connection& connection, const std::vector<const ModelSchema*>& models,
                         const Store::TrimOptions& options);

}  // namespace holdfast::server
