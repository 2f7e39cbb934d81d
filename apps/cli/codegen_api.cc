// `holdfast codegen api`: the complete API of a schema, as text.
#include <iostream>

#include "apps/cli/api_document.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "graphql/printer.h"

namespace holdfast::cli {

int codegen_api(const ApiOptions& options) {
  const auto document = read_api(options);
  if (!document) return 1;
  std::cout << graphql::print(*document) << "\n" << std::flush;
  return std::cout ? 0 : complain("cannot write to standard output");
}

}  // namespace holdfast::cli
