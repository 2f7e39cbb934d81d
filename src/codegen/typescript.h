// index.d.ts: the typings of the generated models.
#pragma once

#include <string>

#include "codegen/metadata.h"

namespace holdfast::codegen {

/// Metadata for Audience::datastore.
std::string index_d_ts(const Metadata& metadata);

}  // namespace holdfast::codegen
