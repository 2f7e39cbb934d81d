// Unsent and refused changes and tombstones through a change of the schema.
#pragma once

#include "client/storage/sqlite/model_change.h"

namespace holdfast::client {

/// Brings the entries of the models to their new fields, after their rows; notes what is lost. Gone are: the changes of
/// fields that do not fit; an update of which nothing is left, or whose condition cannot be asked any more; a creation
/// that lacks a value, with what follows it. A creation takes what fill_row gave its row.
/// The dead letters fare alike. Codes: the connection's; corrupt.
Result<void> carry_outbox(Upgrade& upgrade, const std::vector<ModelChange>& changes);

/// Writes the keys of the model's tombstones and entries as its rows' keys read now.
Result<void> carry_keys(Upgrade& upgrade, const ModelChange& change);

}  // namespace holdfast::client
