#include "apps/cli/schema_files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

namespace holdfast::cli {
namespace {

std::optional<std::vector<graphql::Source>> read_files(const std::vector<std::string>& paths) {
  std::vector<graphql::Source> sources;
  for (const auto& path : paths) {
    auto text = file_text(path);
    if (!text) {
      complain("cannot read the schema " + path + ": " + std::strerror(errno));
      return std::nullopt;
    }
    sources.push_back({path, std::move(*text)});
  }
  return sources;
}

}  // namespace

std::optional<SchemaFiles> read_schema_files(const std::vector<std::string>& paths, const schema::ReadOptions& options,
                                             Notices notices) {
  auto sources = read_files(paths);
  if (!sources) return std::nullopt;
  auto read = schema::read_schema(*sources, options);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&read)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, *sources);
    return std::nullopt;
  }
  auto& reading = std::get<schema::Reading>(read);
  for (const auto& notice : reading.notices) {
    if (notices == Notices::left_out) break;
    std::cerr << graphql::render(notice, *sources, "notice");
  }
  return SchemaFiles{std::move(*sources), std::move(reading)};
}

std::optional<std::string> file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();  // Nothing at all would count as failure.
  if (file.bad() || !text) return std::nullopt;
  return std::move(text).str();
}

int complain(const std::string& sentence) {
  std::cerr << "holdfast: " << sentence << std::endl;
  return 1;
}

}  // namespace holdfast::cli
