// Recorded cases: a folder holds schema.graphql, case.json with the settings, and api.graphql, the real output.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "api/document.h"
#include "api/testing.h"
#include "base/json.h"

namespace holdfast::api::testing {

struct GoldenCase {
  std::string name = {};
  std::filesystem::path folder = {};

  /// As a test may be called.
  [[nodiscard]] std::string title() const {
    auto title = name;
    std::replace(title.begin(), title.end(), '-', '_');
    return title;
  }
  [[nodiscard]] std::string text(const char* file_name) const {
    std::ifstream file(folder / file_name, std::ios::binary);
    if (!file) ADD_FAILURE() << "cannot read " << file_name << " of case " << name;
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

inline std::ostream& operator<<(std::ostream& out, const GoldenCase& one) { return out << one.name; }

/// The cases in a folder, by name.
inline std::vector<GoldenCase> cases_in(const std::filesystem::path& folder) {
  std::vector<GoldenCase> cases;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (std::filesystem::exists(entry.path() / "api.graphql")) {
      cases.push_back({entry.path().filename().string(), entry.path()});
    }
  }
  std::sort(cases.begin(), cases.end(), [](const auto& left, const auto& right) { return left.name < right.name; });
  return cases;
}

/// Those that the repository shares with others, beside it, and then our own.
inline std::vector<GoldenCase> golden_cases() {
  auto cases = cases_in("../shared/golden/transformer");
  if (cases.empty()) cases = cases_in("../../shared/golden/transformer");
  for (auto& one : cases_in("src/api/testdata/recorded")) cases.push_back(std::move(one));
  return cases;
}

/// GraphQL asks for a query of every API that is served.
inline std::vector<GoldenCase> served_cases() {
  auto cases = golden_cases();
  std::erase_if(cases, [](const auto& one) {
    return one.text("api.graphql").find("\ntype Query ") == std::string::npos;
  });
  return cases;
}

/// What case.json says of how the API was made.
struct GoldenSettings {
  schema::ReadOptions read = {};
  Options api = {};
};

inline GoldenSettings settings_of(const GoldenCase& one) {
  const auto json = json::parse(one.text("case.json")).value();
  GoldenSettings settings;
  settings.api.is_versioned = *json["conflict"].as_string() != "NONE";
  settings.read.has_conflict_detection = settings.api.is_versioned;
  settings.read.dialect = *json["transformer"].as_string() == "v1" ? schema::Dialect::v1 : schema::Dialect::v2;
  for (const auto& word : *json["auth"].as_list()) {
    const auto mode = auth_mode_named(*word.as_string());
    if (!mode) ADD_FAILURE() << "unknown mode in case " << one.name;
    else settings.api.modes.push_back(*mode);
  }
  settings.read.modes = settings.api.modes;
  return settings;
}

inline schema::Reading reading_of(const GoldenCase& one) {
  return reading_of(one.text("schema.graphql"), settings_of(one).read);
}

}  // namespace holdfast::api::testing
