#include "codegen/cpp_models.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "codegen/introspection.h"
#include "codegen/javascript.h"

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

using Files = std::optional<std::vector<codegen::GeneratedFile>>;

Files cpp_files(const SchemaFiles& schema, const CodegenOptions& options) {
  codegen::CppOptions cpp;
  cpp.name = options.name;
  cpp.space = options.space.empty() ? options.name : options.space;
  return codegen::cpp_models(schema.reading.schema, cpp);
}

/// Models for published clients. Shows on standard error what these cannot hold.
Files published_files(const SchemaFiles& schema, const CodegenOptions& options) {
  const bool is_introspection = options.target == "introspection";
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

}  // namespace

int codegen_models(const CodegenOptions& options) {
  const auto schema = read_schema_files(options.schema_paths);
  if (!schema) return 1;
  const auto files = options.target == "cpp" ? cpp_files(*schema, options) : published_files(*schema, options);
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
