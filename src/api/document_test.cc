// The API document; golden_test.cc compares it with what the published transformer makes.
#include "api/document.h"

#include <gtest/gtest.h>

#include "api/sdl_difference.h"
#include "api/service_types.h"
#include "api/testing.h"
#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/type_system.h"

namespace holdfast::api {
namespace {

TEST(Api, OfTheBlogIsThatWhichTheRecordedClientsExpect) {
  const auto parsed = graphql::parse_schema(testing::shared_text("golden/wire/blog.api.graphql"));
  const auto ours = document(testing::reading_of(testing::shared_text("golden/wire/blog.graphql")), {});
  const auto difference = testing::difference(ours, std::get<graphql::SchemaDocument>(parsed));
  EXPECT_TRUE(difference.empty()) << difference;
}

TEST(Api, KeepsWhatTheAuthorSaidOfThings) {
  const auto api = graphql::print(document(testing::reading_of(R"(
"A song." type Song @model { "What it is called." title(
    "How long." length: Int): String
  "Who sings it." singers: [Singer] @hasMany }
"Who sings." type Singer @model { "Of whom." song: Song @belongsTo mood: Mood name: Name }
"How." enum Mood { "Well." GOOD }
"Parts." type Name { "First." first: String }
"All." type Query { "One." one("Which." which: Which): Song }
"By." input Which { "Title." title: String })"), {}));
  for (const char* said : {"A song.", "What it is called.", "How long.", "Who sings it.", "Who sings.", "Of whom.", "How.",
                           "Well.", "Parts.", "First.", "All.", "One.", "Which.", "By.", "Title."}) {
    EXPECT_NE(api.find("\"\"\"" + std::string(said) + "\"\"\""), std::string::npos) << said;
  }
}

TEST(Api, BuildsIntoATypeSystem) {
  const auto reading = testing::reading_of(testing::shared_text("golden/transformer/kanban/schema.graphql"));
  const auto built = graphql::TypeSystem::build(with_service_types(document(reading, {})));
  if (const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&built)) {
    for (const auto& problem : *problems) ADD_FAILURE() << problem.message;
  }
}

}  // namespace
}  // namespace holdfast::api
