// A database that was written with one schema becomes one of another. What is kept, what is lost and who is asked:
// docs/guide/upgrades.md.
#pragma once

#include <vector>

#include "client/storage/sqlite/tables.h"
#include "holdfast/upgrade.h"
#include "model/type_change.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// Brings the models' tables, the outbox and the sync state from the old schema to the new one, of which `tables` are. To
/// be called inside a transaction that is rolled back when it fails: the whole upgrade is done before anybody is asked, so
/// that what it loses has been counted. Indexes are not its business.
/// Codes: schema_error (refused, with every loss); invalid_argument (fill_row); corrupt; the connection's.
Result<void> upgrade(sqlite::Connection& connection, const SchemaPair& schemas, const std::vector<ModelTable>& tables,
                     const UpgradePolicy& policy);

}  // namespace holdfast::client
