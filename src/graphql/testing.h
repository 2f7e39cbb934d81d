// Reads the inputs of the room's tests: their own expectations, and the recorded APIs beside the repository.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "base/json.h"

namespace holdfast::graphql::golden {

/// Tests run in the root of the source tree. A missing file fails the test that asks for it, by name.
inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read the test input " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

inline Value read_json(const std::filesystem::path& path) { return json::parse(read_text(path)).value(); }

inline const std::filesystem::path expectations = "src/graphql/testdata";
/// What the published tools and clients make; its README says how. It stands beside the repository, or one folder
/// further up when this is one of several worktrees.
inline std::filesystem::path recorded() {
  for (const char* place : {"../shared/golden", "../../shared/golden"}) {
    if (std::filesystem::is_directory(place)) return place;
  }
  throw std::runtime_error("the recorded APIs are missing: put the folder shared/golden beside the repository");
}

inline std::string text_at(const Value& object, const char* member) {
  const auto* text = object[member].as_string();
  if (text == nullptr) throw std::runtime_error(std::string("no text member ") + member);
  return *text;
}

}  // namespace holdfast::graphql::golden
