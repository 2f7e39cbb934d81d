// Gen 2 schemas: TypeScript that Node.js turns into annotated GraphQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graphql/parser.h"

namespace holdfast::cli {

struct Gen2Schema {
  graphql::Source source = {};                    ///< Annotated GraphQL, named after the file it came from.
  std::vector<std::string> modes = {};            ///< As `--auth` names them, the default one first; may be empty.
  std::vector<graphql::Diagnostic> notices = {};  ///< What is defined there and not run here.
};

/// Whether the file is TypeScript or JavaScript, by its name: .ts, .mts, .js or .mjs.
bool is_gen2_schema(const std::string& path);

/// Evaluates the file as Amplify does. Nothing after problems, which are shown on standard error.
std::optional<Gen2Schema> read_gen2_schema(const std::string& path);

}  // namespace holdfast::cli
