// One put in the backend's database: the row of the record and the row of the log.
#pragma once

#include <optional>
#include <string>

#include "server/store/sqlite/lost_fields.h"
#include "server/store/sqlite/rows.h"
#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// A record that has been read, by its Key's text, and how it stood.
struct ReadRecord {
  const ModelSchema* model = nullptr;
  std::string key = {};
  Standing standing = {};
};
/// What every put stands on.
struct PutGround {
  const Schema& schema;
  const LostFields& lost;
};
/// What apply_put did. `is_new` only when the outcome is `written`.
struct AppliedPut {
  PutOutcome outcome;
  bool is_new = false;
};
/// Makes the put inside the transaction that is open, with `stamp` if it writes. `last_read` was read in this
/// transaction, and nothing was put since: when it is the record of the put, that need not be searched for again. On the
/// caller's thread. Codes: storage_failed, disk_full, corrupt.
Result<AppliedPut> apply_put(sqlite::Connection& connection, const PutGround& ground, const ConditionalPut& put,
                             Stamp stamp, const std::optional<ReadRecord>& last_read);

}  // namespace holdfast::server
