#include "apps/cli/codegen_javascript.h"

#include <iostream>
#include <utility>

#include "codegen/introspection.h"
#include "codegen/javascript.h"

namespace holdfast::cli {
namespace {

std::optional<codegen::Metadata> metadata_of(const SchemaFiles& schema, codegen::Audience audience) {
  auto made = codegen::metadata(schema.reading, audience);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&made)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, schema.sources);
    return std::nullopt;
  }
  return std::get<codegen::Metadata>(std::move(made));
}

}  // namespace

std::optional<std::vector<codegen::GeneratedFile>> javascript_files(const SchemaFiles& schema,
                                                                    const std::string& target) {
  const bool is_introspection = target == "introspection";
  const auto audience = is_introspection ? codegen::Audience::introspection : codegen::Audience::datastore;
  const auto metadata = metadata_of(schema, audience);
  if (!metadata) return std::nullopt;
  if (is_introspection) return std::vector{codegen::introspection_file(*metadata)};
  return codegen::javascript_models(*metadata);
}

std::optional<Value> introspection_of(const SchemaFiles& schema) {
  const auto metadata = metadata_of(schema, codegen::Audience::introspection);
  if (!metadata) return std::nullopt;
  return codegen::introspection(*metadata);
}

}  // namespace holdfast::cli
