#include "apps/cli/generated_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "apps/cli/schema_files.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

int make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return failed ? complain("cannot create the folder " + folder.string() + ": " + failed.message()) : 0;
}

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

bool leads_out(const fs::path& name) {
  return name.empty() || name.is_absolute() || std::find(name.begin(), name.end(), "..") != name.end();
}

}  // namespace

int write_generated(const std::string& folder, const std::vector<codegen::GeneratedFile>& files) {
  if (const int code = make_folder(folder); code != 0) return code;
  for (const auto& file : files) {
    const fs::path name(file.name);
    if (leads_out(name)) return complain("a generated file must not be called " + file.name);
    const auto path = fs::path(folder) / name;
    if (const int code = make_folder(path.parent_path()); code != 0) return code;
    if (const int code = write_if_changed(path, file.text); code != 0) return code;
  }
  return 0;
}

}  // namespace holdfast::cli
