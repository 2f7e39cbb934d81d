// Checksum slices: a model's rows in parts of which each can be asked about at once.
#pragma once

#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast::sync {

/// Rows, but for those with these keys.
struct ChecksumSlice {
  Predicate where;
  std::vector<Key> except;   ///< protocol::except_max at most.
};

/// The rows that satisfy `where`, each in one slice: by ranges of the first part of the key, so that the keys in `except`
/// are divided. Code: limit_exceeded, when the keys cannot be divided so.
Result<std::vector<ChecksumSlice>> checksum_slices(const ModelSchema& model, const Predicate& where, std::vector<Key> except);

}  // namespace holdfast::sync
