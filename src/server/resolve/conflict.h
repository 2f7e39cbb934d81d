// Conflict resolution (spec/conflict.md §4), pure.
#pragma once

#include <optional>

#include "holdfast/record.h"

namespace holdfast::server {

/// Automerge: the stored record with the incoming changes merged in by field. `base` is the record at the client's
/// version, when the log has it. `is_three_way_list` merges lists by what was added and removed instead of appending;
/// what others added or removed as well counts once, and an unknown base counts as an empty list.
/// All of one model; `incoming` has no key fields.
Record auto_merged(const Record& stored, const std::optional<Record>& base, const Patch& incoming,
                   bool is_three_way_list);

}  // namespace holdfast::server
