// Models in languages that holdfast leaves to the published generator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/cli/schema_files.h"
#include "codegen/cpp_models.h"

namespace holdfast::cli {

/// `target` is "swift", "java" or "dart". Nothing after an error, which is told on standard error.
std::optional<std::vector<codegen::GeneratedFile>> published_models(const SchemaFiles& schema,
                                                                    const std::string& target);

}  // namespace holdfast::cli
