#include "codegen/client_config.h"

#include <gtest/gtest.h>

#include <map>

#include "base/json.h"
#include "graphql/testing.h"

namespace holdfast::codegen {
namespace {

std::string recorded(const std::string& name) {
  return graphql::golden::read_text("src/codegen/testdata/client_config/" + name);
}

ClientConfig config_of(const std::string& endpoint) {
  return {.endpoint = endpoint,
          .api_key = "da2-recorded",
          .region = "eu-central-1",
          .introspection = Object{{"version", 1}, {"models", Object()}, {"enums", Object()}, {"nonModels", Object()}}};
}

std::map<std::string, std::string> by_name(const std::vector<GeneratedFile>& files) {
  std::map<std::string, std::string> texts;
  for (const auto& file : files) texts[file.name] = file.text;
  return texts;
}

std::string without(std::string text, const std::string& part) {
  const auto at = text.find(part);
  return at == std::string::npos ? "missing: " + part : text.erase(at, part.size());
}

TEST(ClientConfig, JavaScriptGetsWhatThePublishedToolsWrite) {
  auto files = by_name(javascript_config(config_of("http://127.0.0.1:20002/graphql")));
  ASSERT_EQ(files.size(), 3U);
  const auto body = [](const std::string& text) { return text.substr(text.find("const awsmobile")); };
  EXPECT_EQ(body(files["aws-exports.js"]), body(recorded("aws-exports.js")));
  EXPECT_EQ(files["amplifyconfiguration.json"], recorded("amplifyconfiguration.json"));
  EXPECT_EQ(without(files["amplify_outputs.json"], "    \"authorization_types\": [],\n"), recorded("amplify_outputs.json"));
}

TEST(ClientConfig, MobileClientsGetTheirShapeAndAnOrdinaryAddress) {
  auto files = by_name(mobile_config(config_of("http://127.0.0.1:20002/graphql")));
  ASSERT_EQ(files.size(), 2U);
  auto published = recorded("amplifyconfiguration.mobile.json");
  published.replace(published.find("@aws-amplify/backend-cli/1.8.0"), 30, "holdfast");
  published.replace(published.find("HTTP://"), 7, "http://");
  EXPECT_EQ(files["amplifyconfiguration.json"], published);
  const auto outputs = json::parse(files["amplify_outputs.json"]);
  ASSERT_TRUE(outputs);
  EXPECT_EQ((*outputs)["data"]["url"], Value("http://127.0.0.1:20002/graphql"));
}

TEST(ClientConfig, OnlyPlainHttpIsSpelledInCapitals) {
  EXPECT_EQ(plain_http_spelling("http://localhost/graphql"), "HTTP://localhost/graphql");
  EXPECT_EQ(plain_http_spelling("https://api.example.com/graphql"), "https://api.example.com/graphql");
  EXPECT_EQ(plain_http_spelling("HTTP://localhost/graphql"), "HTTP://localhost/graphql");
}

}  // namespace
}  // namespace holdfast::codegen
