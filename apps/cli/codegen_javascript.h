// Models for published clients that are written in JavaScript or TypeScript, and introspection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/cli/schema_files.h"
#include "codegen/cpp_models.h"
#include "holdfast/value.h"

namespace holdfast::cli {

/// `target`: "javascript", "typescript" or "introspection". Shows on standard error what such clients cannot hold, and
/// then returns nothing.
std::optional<std::vector<codegen::GeneratedFile>> javascript_files(const SchemaFiles& schema,
                                                                    const std::string& target);

/// model_introspection of the schema. Nothing after an error, which is told on standard error.
std::optional<Value> introspection_of(const SchemaFiles& schema);

}  // namespace holdfast::cli
