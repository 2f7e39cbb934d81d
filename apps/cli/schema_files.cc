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

schema::AuthMode mode_named(const std::string& word) {
  if (word == "userPools") return schema::AuthMode::user_pools;
  if (word == "iam") return schema::AuthMode::iam;
  if (word == "oidc") return schema::AuthMode::oidc;
  return word == "lambda" ? schema::AuthMode::lambda : schema::AuthMode::api_key;
}

schema::ReadOptions read_options(const ApiOptions& options) {
  schema::ReadOptions reading;
  if (options.dialect != "auto") reading.dialect = options.dialect == "v1" ? schema::Dialect::v1 : schema::Dialect::v2;
  reading.has_conflict_detection = options.conflict != "none";
  for (const auto& word : options.auth) reading.modes.push_back(mode_named(word));
  return reading;
}

}  // namespace

std::optional<SchemaFiles> read_schema_files(const std::vector<std::string>& paths) {
  ApiOptions options;
  options.schema_paths = paths;
  return read_schema_files(options);
}

std::optional<SchemaFiles> read_schema_files(const ApiOptions& options) {
  auto sources = read_files(options.schema_paths);
  if (!sources) return std::nullopt;
  auto reading_options = read_options(options);
  auto read = schema::read_schema(*sources, reading_options);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&read)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, *sources);
    return std::nullopt;
  }
  auto& reading = std::get<schema::Reading>(read);
  for (const auto& notice : reading.notices) {
    std::cerr << "notice: " << notice.message << (notice.remedy.empty() ? "" : " (" + notice.remedy + ")") << "\n";
  }
  return SchemaFiles{std::move(*sources), std::move(reading), std::move(reading_options.modes)};
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
