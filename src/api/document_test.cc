// The API of annotated schemas against what the published transformer makes of them (spec/transformer.md).
#include "api/document.h"

#include <gtest/gtest.h>

#include <set>

#include "api/testing.h"
#include "graphql/parser.h"
#include "graphql/type_system.h"

namespace holdfast::api {
namespace {

using Lines = std::set<std::string>;

/// "Type.field(argument: T): T", "Input.member: T", "Enum.VALUE": one line a thing, so that order does not matter.
Lines lines_of(const graphql::SchemaDocument& document) {
  Lines lines;
  for (const auto& type : document.types) {
    if (type.kind == graphql::TypeKind::scalar || type.name == "AmplifyAIConversationTurnErrorInput") continue;
    for (const auto& field : type.fields) {
      Lines arguments;
      for (const auto& each : field.arguments) arguments.insert(each.name + ": " + each.type.text());
      std::string joined;
      for (const auto& each : arguments) joined += each + ", ";
      lines.insert(type.name + "." + field.name + "(" + joined + "): " + field.type.text());
    }
    for (const auto& member : type.inputs) lines.insert(type.name + "." + member.name + ": " + member.type.text());
    for (const auto& value : type.values) lines.insert(type.name + "." + value.name);
  }
  return lines;
}

Lines without(const Lines& all, const Lines& some) {
  Lines rest;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::inserter(rest, rest.end()));
  return rest;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

/// The generated key of a has_many relation is filterable in subscriptions to the child too: the original forgets it.
bool is_child_key(const std::string& line) {
  return line.rfind("ModelSubscription", 0) == 0 && line.find("Id: ModelSubscriptionIDInput") != std::string::npos;
}

struct Compared {
  Lines missing;
  Lines extra;
};

Compared compared(const std::string& source, const std::string& expected, bool is_versioned) {
  const auto ours = lines_of(document(testing::reading_of(source), {.is_versioned = is_versioned}));
  const auto theirs = lines_of(std::get<graphql::SchemaDocument>(graphql::parse_schema(expected)));
  auto extra = without(ours, theirs);
  std::erase_if(extra, is_child_key);
  return {without(theirs, ours), std::move(extra)};
}

Compared compared_case(const std::string& name, bool is_versioned = true) {
  const auto folder = "golden/transformer/" + name + "/";
  return compared(testing::shared_text(folder + "schema.graphql"), testing::shared_text(folder + "api.graphql"), is_versioned);
}

class Recorded : public ::testing::TestWithParam<const char*> {};

TEST_P(Recorded, ApiIsThatOfTheTransformer) {
  const auto result = compared_case(GetParam());
  EXPECT_TRUE(result.missing.empty()) << "missing:" << joined(result.missing);
  EXPECT_TRUE(result.extra.empty()) << "extra:" << joined(result.extra);
}

INSTANTIATE_TEST_SUITE_P(Transformer, Recorded,
                         ::testing::Values("blog-basic", "blog-sandbox", "hasmany-implicit", "hasmany-fields",
                                           "hasone-implicit", "manytomany", "pk-custom", "pk-two-sort-keys",
                                           "index-basic", "scalars-all", "nonmodel-nested", "model-nulls",
                                           "model-renames", "model-timestamps", "plurals", "references",
                                           "default-values", "descriptions", "gen2-todo"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Api, WithoutConflictDetectionHasNoVersionFields) {
  const auto result = compared_case("conflict-none", false);
  EXPECT_TRUE(result.missing.empty()) << joined(result.missing);
  EXPECT_TRUE(result.extra.empty()) << joined(result.extra);
}

TEST(Api, OfOlderSchemasHasAllThatTheOlderTransformerMade) {
  for (const char* name : {"v1-connection-name", "v1-connection-fields"}) {
    auto result = compared_case(name);
    // Subscriptions without a filter in v1 take one here.
    std::erase_if(result.missing, [](const std::string& line) { return line.rfind("Subscription.", 0) == 0; });
    EXPECT_TRUE(result.missing.empty()) << name << joined(result.missing);
  }
}

TEST(Api, OfTheBlogIsThatWhichTheRecordedClientsExpect) {
  const auto result =
      compared(testing::shared_text("golden/wire/blog.graphql"), testing::shared_text("golden/wire/blog.api.graphql"), true);
  EXPECT_TRUE(result.missing.empty()) << joined(result.missing);
}

TEST(Api, BuildsIntoATypeSystem) {
  const auto reading = testing::reading_of(testing::shared_text("golden/transformer/kanban/schema.graphql"));
  const auto built = graphql::TypeSystem::build(document(reading, {}));
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&built)) {
    for (const auto& problem : *problems) ADD_FAILURE() << problem.message;
  }
}

}  // namespace
}  // namespace holdfast::api
