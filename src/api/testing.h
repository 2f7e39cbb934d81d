// Schemas for tests, from text.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "schema/schema_reader.h"

namespace holdfast::api::testing {

/// Text of a file beside the repository (or one folder further up, for one of several worktrees).
inline std::string shared_text(const std::string& path) {
  for (const char* above : {"../shared/", "../../shared/"}) {
    std::ifstream file(above + path, std::ios::binary);
    if (file) return {std::istreambuf_iterator<char>(file), {}};
  }
  ADD_FAILURE() << "missing beside the repository: shared/" << path;
  return {};
}

inline schema::Reading reading_of(const std::string& text, const schema::ReadOptions& options = {}) {
  const std::vector<graphql::Source> sources{{"schema.graphql", text}};
  auto read = schema::read_schema(sources, options);
  if (auto* reading = std::get_if<schema::Reading>(&read)) return std::move(*reading);
  for (const auto& problem : std::get<std::vector<graphql::Diagnostic>>(read)) {
    ADD_FAILURE() << graphql::render(problem, sources);
  }
  return {};
}

inline Schema schema_of(const std::string& text) { return reading_of(text).schema; }

}  // namespace holdfast::api::testing
