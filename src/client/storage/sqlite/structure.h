// Structure: what of a schema the database depends on, as text in the file. Columns know SQLite's types only; this knows
// what was meant.
//
// Not model/schema_json, which also writes a schema: that form is for programs and grows with what they need; a change of
// this one makes every device compare, and perhaps upgrade, its file. So it holds nothing that a row does not depend on.
#pragma once

#include <string>
#include <string_view>

#include "holdfast/result.h"
#include "holdfast/schema.h"

namespace holdfast::client {

/// Models with fields, primary keys, relations and indexes, enums and embedded types, as compact JSON. Equal texts are
/// equal structures. The form is described in docs/formats/device.md.
std::string structure_text(const Schema& schema);
/// The schema as far as the text tells. Code: malformed.
Result<Schema> schema_of_structure(std::string_view text);

}  // namespace holdfast::client
