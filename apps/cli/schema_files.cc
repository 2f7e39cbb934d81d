#include "apps/cli/schema_files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "apps/cli/gen2_schema.h"

namespace holdfast::cli {
namespace {

/// What stands in the files, before any of it is understood.
struct Texts {
  std::vector<graphql::Source> sources = {};
  std::vector<std::string> modes = {};  ///< What Gen 2 files say of them.
  std::vector<graphql::Diagnostic> notices = {};
};

bool read_gen2(const std::string& path, Texts& texts) {
  auto schema = read_gen2_schema(path);
  if (!schema) return false;
  texts.sources.push_back(std::move(schema->source));
  texts.modes.insert(texts.modes.end(), schema->modes.begin(), schema->modes.end());
  texts.notices.insert(texts.notices.end(), schema->notices.begin(), schema->notices.end());
  return true;
}

std::optional<Texts> read_files(const std::vector<std::string>& paths) {
  Texts texts;
  for (const auto& path : paths) {
    if (is_gen2_schema(path)) {
      if (!read_gen2(path, texts)) return std::nullopt;
      continue;
    }
    auto text = file_text(path);
    if (!text) {
      complain("cannot read the schema " + path + ": " + std::strerror(errno));
      return std::nullopt;
    }
    texts.sources.push_back({path, std::move(*text)});
  }
  return texts;
}

schema::AuthMode mode_named(const std::string& word) {
  if (word == "userPools") return schema::AuthMode::user_pools;
  if (word == "iam") return schema::AuthMode::iam;
  if (word == "oidc") return schema::AuthMode::oidc;
  return word == "lambda" ? schema::AuthMode::lambda : schema::AuthMode::api_key;
}

schema::ReadOptions read_options(const ApiOptions& options, const std::vector<std::string>& modes_of_files) {
  schema::ReadOptions reading;
  if (options.dialect != "auto") reading.dialect = options.dialect == "v1" ? schema::Dialect::v1 : schema::Dialect::v2;
  reading.has_conflict_detection = options.conflict != "none";
  for (const auto& word : options.auth.empty() ? modes_of_files : options.auth) {
    reading.modes.push_back(mode_named(word));
  }
  return reading;
}

}  // namespace

std::optional<SchemaFiles> read_schema_files(const std::vector<std::string>& paths) {
  ApiOptions options;
  options.schema_paths = paths;
  return read_schema_files(options);
}

std::optional<SchemaFiles> read_schema_files(const ApiOptions& options) {
  auto texts = read_files(options.schema_paths);
  if (!texts) return std::nullopt;
  auto reading_options = read_options(options, texts->modes);
  auto read = schema::read_schema(texts->sources, reading_options);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&read)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, texts->sources);
    return std::nullopt;
  }
  auto& reading = std::get<schema::Reading>(read);
  reading.notices.insert(reading.notices.end(), texts->notices.begin(), texts->notices.end());
  for (const auto& notice : reading.notices) {
    std::cerr << "notice: " << notice.message << (notice.remedy.empty() ? "" : " (" + notice.remedy + ")") << "\n";
  }
  return SchemaFiles{std::move(texts->sources), std::move(reading), std::move(reading_options.modes)};
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
