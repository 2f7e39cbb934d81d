// Rows: what a device shows or the backend holds, by name, and how they are compared.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/storage/storage.h"

namespace holdfast::simulation {

/// Rows of all models, by row_name().
using Rows = std::map<std::string, Record>;

/// "Model key": how checkers name a record.
std::string row_name(const ModelSchema& model, const Key& key);
/// What row_name() has named, in this schema.
std::pair<const ModelSchema*, Key> place_of(const Schema& schema, const std::string& name);
std::string shown(const Record& record);

/// The record as a model of another schema version sees it: fields that it does not know are left out, those that only
/// it knows are null.
Record seen_as(const Record& record, const ModelSchema& model);
/// Whether both are the same as far as the schema of `shown` goes.
bool is_same(const Record& shown, const Record& held);
/// The first difference; empty when every row of `held` is among those that are shown, and no other.
std::string difference_of(const Rows& held, const Rows& shown);

/// The row after the entries: what the device must show when the service holds `ground`.
std::optional<Record> edited(std::optional<Record> ground, const std::vector<client::OutboxEntry>& entries);

}  // namespace holdfast::simulation
