// The rows of one model through a change of the schema.
#pragma once

#include "client/storage/sqlite/model_change.h"

namespace holdfast::client {

/// Adds the columns of fields that are new: the rows stay as they are.
Result<void> add_columns(Upgrade& upgrade, const ModelChange& change);

/// Makes the table anew and carries every row over, in its place; notes what is lost. A row that lacks a value goes; what
/// the service says of it stays as a tombstone that is not deleted, so that its version does not decrease.
/// Codes: the connection's; corrupt; invalid_argument, for a fill_row that sets what does not fit.
Result<void> rebuild_table(Upgrade& upgrade, const ModelChange& change);

}  // namespace holdfast::client
