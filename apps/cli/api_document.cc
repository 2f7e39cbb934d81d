#include "apps/cli/api_document.h"

#include <string>

#include "api/document.h"
#include "apps/cli/schema_files.h"

namespace holdfast::cli {
namespace {

std::optional<schema::Dialect> dialect_named(const std::string& word) {
  if (word == "v1") return schema::Dialect::v1;
  if (word == "v2") return schema::Dialect::v2;
  return std::nullopt;
}

}  // namespace

std::optional<graphql::SchemaDocument> read_api(const ApiOptions& options) {
  schema::ReadOptions read;
  read.dialect = dialect_named(options.dialect);
  read.has_conflict_detection = options.conflict != "none";
  for (const auto& word : options.modes) {
    // The command line let only known words through.
    if (const auto mode = api::auth_mode_named(word)) read.modes.push_back(*mode);
  }
  const auto files = read_schema_files(options.schema_paths, read);
  if (!files) return std::nullopt;
  return api::document(files->reading, {.is_versioned = read.has_conflict_detection, .modes = files->modes});
}

}  // namespace holdfast::cli
