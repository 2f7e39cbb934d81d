#include "codegen/cpp_models.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

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

}  // namespace

int codegen_models(const CodegenOptions& options) {
  const auto files = read_schema_files(options.schema_paths);
  if (!files) return 1;
  const fs::path folder(options.folder);
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return complain("cannot create the folder " + options.folder + ": " + failed.message());
  codegen::CppOptions cpp;
  cpp.name = options.name;
  cpp.space = options.space.empty() ? options.name : options.space;
  for (const auto& file : codegen::cpp_models(files->reading.schema, cpp)) {
    if (const int code = write_if_changed(folder / file.name, file.text); code != 0) return code;
  }
  return 0;
}

}  // namespace holdfast::cli
