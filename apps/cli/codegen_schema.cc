// `holdfast codegen schema`: the schema as one text of annotated GraphQL.
#include <iostream>

#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"

namespace holdfast::cli {

int codegen_schema(const SchemaOptions& options) {
  const auto sources = read_schema_sources(options.schema_paths);
  if (!sources) return 1;
  for (const auto& source : *sources) std::cout << source.text << (source.text.ends_with("\n") ? "" : "\n");
  std::cout << std::flush;
  return std::cout ? 0 : complain("cannot write to standard output");
}

}  // namespace holdfast::cli
