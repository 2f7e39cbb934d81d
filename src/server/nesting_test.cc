// Types that contain themselves: what a device may save it reads back whole, and no depth harms the backend.
#include <gtest/gtest.h>

#include "protocol/documents.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;
using testing::text;

constexpr const char* tree_schema = "type Tree @model { id: ID! root: Node } type Node { text: String parts: [Node!] }";

std::string nested(std::size_t levels) {
  const std::string head = R"({"text":"t","parts":)";
  std::string node;
  for (std::size_t level = 1; level < levels; ++level) node += head + "[";
  node += head + "null}";
  for (std::size_t level = 1; level < levels; ++level) node += "]}";
  return node;
}

std::string input(std::size_t levels) { return R"({"input":{"id":"1","root":)" + nested(levels) + "}}"; }

constexpr const char* create = "mutation ($input: CreateTreeInput!) { createTree(input: $input) { id _version } }";

TEST(Nesting, OfWhatADeviceMaySaveIsReadBackWhole) {
  Story story(tree_schema);
  const auto levels = story.schema.embedded_type("Node")->repeats + 1;
  const auto document = "mutation ($input: CreateTreeInput!) { createTree(input: $input) {" +
                        protocol::selection(story.schema, *story.schema.model("Tree")) + "} }";
  // The innermost parts are null and were not selected, which is the same to a device.
  auto read = text(story.get(document, input(levels))["root"]);
  auto saved = nested(levels);
  saved.replace(saved.find(",\"parts\":null"), std::string_view(",\"parts\":null").size(), "");
  EXPECT_EQ(read, saved);
}

TEST(Nesting, BeyondWhatDevicesSelectIsKeptAsTheServiceKeepsIt) {
  Story story(tree_schema);
  EXPECT_EQ(story.get(create, input(40))["_version"], Value(1));
}

TEST(Nesting, OfAHostileRequestEndsInAnError) {
  Story story(tree_schema);
  for (const std::size_t levels : {60u, 95u, 99u, 1'000u, 100'000u}) {
    const auto reply = story.post_text(R"({"query":")" + std::string(create) + R"(","variables":)" + input(levels) + "}");
    EXPECT_TRUE(reply.status == 200 || reply.status == 400) << levels;
  }
  std::string literal = "null";
  for (int level = 0; level < 300; ++level) literal = "{parts: [" + literal + "]}";
  const Object body{{"query", "mutation { createTree(input: {id: \"2\", root: " + literal + "}) { id } }"}};
  EXPECT_EQ(story.post_text(text(body)).status, 400);
}

}  // namespace
}  // namespace holdfast::server
