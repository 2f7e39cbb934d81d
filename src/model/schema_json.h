// A schema as JSON: what `holdfast codegen models --target json` writes and a device that has no generated C++ reads.
// Everything that a device needs and nothing else: no directives, no descriptions. docs/formats/schema.md shows it.
#pragma once

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast {

/// Members that have their default are left out, and so are descriptions.
Value to_json(const Schema& schema);

/// Reads what to_json wrote, and refuses what a device could not work with: names that are none, keys, indexes and
/// relations that name nothing. Code: malformed, with the path of the member.
Result<Schema> schema_from_json(const Value& json);

}  // namespace holdfast
