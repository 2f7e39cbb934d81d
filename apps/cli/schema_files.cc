#include "apps/cli/schema_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "api/document.h"
#include "apps/cli/gen2_schema.h"

namespace holdfast::cli {
namespace {

/// What stands in the files, before any of it is understood.
struct Texts {
  std::vector<graphql::Source> sources = {};
  std::vector<schema::AuthMode> modes = {};  ///< What Gen 2 files say of them.
  std::vector<graphql::Diagnostic> notices = {};
};

bool read_gen2(const std::string& path, Texts& texts) {
  auto schema = read_gen2_schema(path);
  if (!schema) return false;
  for (auto& notice : schema->notices) notice.at.source = static_cast<std::uint32_t>(texts.sources.size());
  texts.sources.push_back(std::move(schema->source));
  for (const auto& word : schema->modes) {
    const auto mode = api::auth_mode_named(word);
    if (mode && std::find(texts.modes.begin(), texts.modes.end(), *mode) == texts.modes.end()) {
      texts.modes.push_back(*mode);
    }
  }
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

}  // namespace

std::optional<SchemaFiles> read_schema_files(const std::vector<std::string>& paths, const schema::ReadOptions& options,
                                             Notices notices) {
  auto texts = read_files(paths);
  if (!texts) return std::nullopt;
  auto asked = options;
  if (asked.modes.empty()) asked.modes = texts->modes;
  auto read = schema::read_schema(texts->sources, asked);
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&read)) {
    for (const auto& problem : *problems) std::cerr << graphql::render(problem, texts->sources);
    return std::nullopt;
  }
  auto& reading = std::get<schema::Reading>(read);
  reading.notices.insert(reading.notices.end(), texts->notices.begin(), texts->notices.end());
  for (const auto& notice : reading.notices) {
    if (notices == Notices::left_out) break;
    std::cerr << graphql::render(notice, texts->sources, "notice");
  }
  return SchemaFiles{std::move(texts->sources), std::move(reading), std::move(asked.modes)};
}

std::optional<std::vector<graphql::Source>> read_schema_sources(const std::vector<std::string>& paths) {
  auto texts = read_files(paths);
  if (!texts) return std::nullopt;
  return std::move(texts->sources);
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
