// `holdfast codegen api`: the complete API of a schema, as text.
#include <iostream>

#include "api/document.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "graphql/printer.h"

namespace holdfast::cli {
namespace {

std::optional<schema::Dialect> dialect_named(const std::string& word) {
  if (word == "v1") return schema::Dialect::v1;
  if (word == "v2") return schema::Dialect::v2;
  return std::nullopt;
}

}  // namespace

int codegen_api(const ApiOptions& options) {
  api::Options api;
  api.is_versioned = options.conflict != "none";
  for (const auto& word : options.modes) {
    // The command line let only known words through.
    if (const auto mode = api::auth_mode_named(word)) api.modes.push_back(*mode);
  }
  schema::ReadOptions read;
  read.dialect = dialect_named(options.dialect);
  read.modes = api.modes;
  read.has_conflict_detection = api.is_versioned;
  const auto files = read_schema_files(options.schema_paths, read);
  if (!files) return 1;
  std::cout << graphql::print(api::document(files->reading, api)) << "\n" << std::flush;
  return std::cout ? 0 : complain("cannot write to standard output");
}

}  // namespace holdfast::cli
