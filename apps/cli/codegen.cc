#include "codegen/cpp_models.h"

#include "apps/cli/codegen_javascript.h"
#include "apps/cli/codegen_published.h"
#include "apps/cli/generated_files.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "base/json.h"
#include "model/schema_json.h"

namespace holdfast::cli {
namespace {

std::vector<codegen::GeneratedFile> cpp_files(const SchemaFiles& schema, const CodegenOptions& options) {
  codegen::CppOptions cpp;
  cpp.name = options.name;
  cpp.space = options.space.empty() ? options.name : options.space;
  return codegen::cpp_models(schema.reading, cpp);
}

/// What programs without generated C++ open a store with.
std::vector<codegen::GeneratedFile> json_file(const SchemaFiles& schema, const CodegenOptions& options) {
  return {{options.name + ".json", json::write(to_json(schema.reading.schema)) + "\n"}};
}

schema::ReadOptions read_options(const CodegenOptions& options) {
  schema::ReadOptions read;
  if (options.dialect == "v1") read.dialect = schema::Dialect::v1;
  if (options.dialect == "v2") read.dialect = schema::Dialect::v2;
  // Who reads introspection need not use DataStore, and may relate models as DataStore cannot.
  read.has_conflict_detection = options.target != "introspection";
  return read;
}

std::optional<std::vector<codegen::GeneratedFile>> files_of(const SchemaFiles& schema, const CodegenOptions& options) {
  if (options.target == "cpp") return cpp_files(schema, options);
  if (options.target == "json") return json_file(schema, options);
  const bool is_published = options.target == "swift" || options.target == "java" || options.target == "dart";
  return is_published ? published_models(schema, options.target) : javascript_files(schema, options.target);
}

}  // namespace

int codegen_models(const CodegenOptions& options) {
  const auto schema = read_schema_files(options.schema_paths, read_options(options));
  if (!schema) return 1;
  const auto files = files_of(*schema, options);
  if (!files) return 1;
  return write_generated(options.folder, *files);
}

}  // namespace holdfast::cli
