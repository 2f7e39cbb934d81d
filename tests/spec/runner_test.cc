// Every file of scenarios/, on memory and on SQLite.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "tests/spec/scenario.h"

namespace holdfast::spec {
namespace {

namespace files = std::filesystem;

std::vector<std::string> scenario_files() {
  std::vector<std::string> paths;
  for (const auto& entry : files::directory_iterator(HOLDFAST_SCENARIOS)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string text_of_file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

/// snake_case to the CamelCase of test names.
std::string test_name(const std::string& path) {
  std::string out;
  bool begins_word = true;
  for (const char letter : files::path(path).stem().string()) {
    if (letter != '_')
      out += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    begins_word = letter == '_';
  }
  return out;
}

class Scenarios : public ::testing::TestWithParam<std::tuple<std::string, Medium>> {};

TEST_P(Scenarios, Holds) {
  const auto& [path, medium] = GetParam();
  const auto scenario = read_scenario(text_of_file(path));
  ASSERT_TRUE(scenario) << path << ": " << scenario.error().message;
  const auto played = play(*scenario, medium);
  EXPECT_TRUE(played) << path << "\n\"" << scenario->name << "\"\n" << played.error().message;
}

INSTANTIATE_TEST_SUITE_P(Sync, Scenarios,
                         ::testing::Combine(::testing::ValuesIn(scenario_files()),
                                            ::testing::Values(Medium::memory, Medium::sqlite)),
                         [](const auto& tested) {
                           const bool is_memory = std::get<1>(tested.param) == Medium::memory;
                           return test_name(std::get<0>(tested.param)) + (is_memory ? "OnMemory" : "OnSqlite");
                         });

std::string refusal_of(std::string_view text) {
  const auto read = read_scenario(text);
  return read ? "" : read.error().message;
}

TEST(Scenario, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":[],"steps":[{"do":"settle"}]})"), "");
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":[],"stps":[],"steps":[{"do":"settle"}]})"), "stps: unknown member");
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":["x1"],"steps":[{"do":"settle"}]})"),
            R"(behaviours: "x1" is no id)");
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":[],"defects":[24],"steps":[{"do":"settle"}]})"),
            "defects: 24 is none");
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":[],"steps":[{"do":"dance"}]})"), "step 1 dance {}: no such verb");
  EXPECT_EQ(refusal_of(R"({"name":"n","behaviours":[],"steps":[{"expect":{"row":[]}}]})"),
            R"(step 1 expect {"row":[]}: row: unknown member)");
}

// A runner that never fails would show nothing.
TEST(Scenario, FailsWithTheStepAndBothValues) {
  const auto scenario = read_scenario(R"({"name":"n","behaviours":[],"devices":1,"steps":[
    {"do":"save","device":0,"model":"Post","fields":{"id":"p","title":"seen"}},
    {"expect":{"device":0,"model":"Post","rows":[{"id":"p","title":"wanted"}]}}]})");
  ASSERT_TRUE(scenario) << scenario.error().message;
  const auto played = play(*scenario, Medium::memory);
  ASSERT_FALSE(played);
  const auto& message = played.error().message;
  EXPECT_NE(message.find("step 2 expect"), std::string::npos) << message;
  EXPECT_NE(message.find(R"(expected: [{"id":"p","title":"wanted"}])"), std::string::npos) << message;
  EXPECT_NE(message.find(R"("title":"seen")"), std::string::npos) << message;
}

}  // namespace
}  // namespace holdfast::spec
