// The cases of testdata/: each folder holds a schema and the files that are generated from it.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "codegen/cpp_models.h"
#include "graphql/testing.h"
#include "schema/schema_reader.h"

namespace holdfast::codegen::golden {

/// A case is also the C++ namespace of its models.
inline constexpr std::array cases = {"post_with_enum", "connection_by_name", "connection_by_fields", "current_dialect",
                                     "everything", "recursive", "relations"};

inline std::filesystem::path folder_of(const std::string& name) { return "src/codegen/testdata/" + name; }

inline schema::Reading reading_of(const std::string& name) {
  const std::vector<graphql::Source> sources = {
      {"schema.graphql", graphql::golden::read_text(folder_of(name) / "schema.graphql")}};
  auto read = schema::read_schema(sources);
  if (const auto* problems = std::get_if<1>(&read))
    throw std::runtime_error(graphql::render(problems->front(), sources));
  return std::get<schema::Reading>(std::move(read));
}

inline Schema schema_of(const std::string& name) { return reading_of(name).schema; }

inline std::vector<GeneratedFile> files_of(const std::string& name) {
  return cpp_models(reading_of(name), {.name = "models", .space = name});
}

}  // namespace holdfast::codegen::golden
