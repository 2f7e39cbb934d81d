#include "apps/cli/codegen_javascript.h"

#include <iostream>

#include "codegen/introspection.h"
#include "codegen/javascript.h"

namespace holdfast::cli {

std::optional<std::vector<codegen::GeneratedFile>> javascript_files(const SchemaFiles& schema,
                                                                    const std::string& target) {
  const bool is_introspection = target == "introspection";
  const auto audience = is_introspection ? codegen::Audience::introspection : codegen::Audience::datastore;
  const auto made = codegen::metadata(schema.reading, audience);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&made)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, schema.sources);
    return std::nullopt;
  }
  const auto& metadata = std::get<codegen::Metadata>(made);
  if (is_introspection) return std::vector{codegen::introspection_file(metadata)};
  return codegen::javascript_models(metadata);
}

}  // namespace holdfast::cli
