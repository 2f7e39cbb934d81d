#include "codegen/cpp_models.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "apps/cli/codegen_javascript.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

// A file that has not changed keeps its time, so that a build does not compile it again.
int write_if_changed(const fs::path& path, const std::string& text) {
  if (file_text(path.string()) == text) {
    std::cout << path.string() << " is up to date\n";
    return 0;
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return complain("cannot write " + path.string() + ": " + std::strerror(errno));
  std::cout << path.string() << " is written\n";
  return 0;
}

std::vector<codegen::GeneratedFile> cpp_files(const SchemaFiles& schema, const CodegenOptions& options) {
  codegen::CppOptions cpp;
  cpp.name = options.name;
  cpp.space = options.space.empty() ? options.name : options.space;
  return codegen::cpp_models(schema.reading.schema, cpp);
}

schema::ReadOptions read_options(const CodegenOptions& options) {
  schema::ReadOptions read;
  if (options.dialect == "v1") read.dialect = schema::Dialect::v1;
  if (options.dialect == "v2") read.dialect = schema::Dialect::v2;
  // Who reads introspection need not use DataStore, and may relate models as DataStore cannot.
  read.has_conflict_detection = options.target != "introspection";
  return read;
}

}  // namespace

int codegen_models(const CodegenOptions& options) {
  const auto schema = read_schema_files(options.schema_paths, read_options(options));
  if (!schema) return 1;
  const auto files =
      options.target == "cpp" ? std::optional(cpp_files(*schema, options)) : javascript_files(*schema, options.target);
  if (!files) return 1;
  const fs::path folder(options.folder);
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return complain("cannot create the folder " + options.folder + ": " + failed.message());
  for (const auto& file : *files) {
    if (const int code = write_if_changed(folder / file.name, file.text); code != 0) return code;
  }
  return 0;
}

}  // namespace holdfast::cli
