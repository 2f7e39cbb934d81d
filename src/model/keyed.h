// A record of which only the key is known.
#pragma once

#include "holdfast/record.h"

namespace holdfast {

/// The key's fields as `key` has them, the others null. The key is one of the model's.
Record keyed_record(const ModelSchema& model, const Key& key);

}  // namespace holdfast
