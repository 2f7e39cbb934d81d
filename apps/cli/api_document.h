// The API that the command line asks for.
#pragma once

#include <optional>

#include "apps/cli/verbs.h"
#include "graphql/ast.h"

namespace holdfast::cli {

/// Reads the schema and makes the document of its API. Nothing after problems, which are shown on standard error.
std::optional<graphql::SchemaDocument> read_api(const ApiOptions& options);

}  // namespace holdfast::cli
