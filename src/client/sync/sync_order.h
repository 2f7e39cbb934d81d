// Sync order: which model comes before which.
#pragma once

#include <vector>

#include "holdfast/schema.h"

namespace holdfast::sync {

/// Whether the foreign key of this relation lies in the model that declares it: its target is the parent.
bool holds_foreign_key(const ModelSchema& model, const RelationSchema& relation);

/// The models that can be synced, parents before children; otherwise in the order of the schema. Relations of a model
/// to itself do not count; a cycle is entered at its first model.
std::vector<const ModelSchema*> sync_order(const Schema& schema);

}  // namespace holdfast::sync
