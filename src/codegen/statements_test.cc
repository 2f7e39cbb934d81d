#include "codegen/statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/parser.h"

namespace holdfast::codegen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

graphql::SchemaDocument document(const std::string& text) {
  auto parsed = graphql::parse_schema(text);
  EXPECT_TRUE(std::holds_alternative<graphql::SchemaDocument>(parsed)) << text;
  return std::get<graphql::SchemaDocument>(std::move(parsed));
}

std::string queries(const std::string& text, const StatementOptions& options = {}) {
  const auto files = statements(document(text), options);
  EXPECT_TRUE(files) << files.error().message;
  return files && !files->empty() ? files->front().text : std::string();
}

const std::string chain = "type Query { first: A } type A { id: ID! b: B } type B { id: ID! a: A }";

TEST(Statements, SelectEverythingAndStopAtTheDepth) {
  EXPECT_EQ(queries(chain), R"(# this is an auto generated file. This will be overwritten

query First {
  first {
    id
    b {
      id
      __typename
    }
    __typename
  }
}
)");
  EXPECT_THAT(queries(chain, {.depth = 1}), Not(HasSubstr("b {")));
  EXPECT_THAT(queries(chain, {.has_typename = false}), Not(HasSubstr("__typename")));
}

TEST(Statements, BreakArgumentsBeyondEightyColumns) {
  const auto text =
      queries("type Query { things(anArgumentWithALongName: Int = 5, another: [ID!]!, third: String): Int }");
  EXPECT_THAT(
      text,
      HasSubstr("query Things(\n  $anArgumentWithALongName: Int = 5\n  $another: [ID!]!\n  $third: String\n) {\n"));
  EXPECT_THAT(text, HasSubstr("  things(\n    anArgumentWithALongName: $anArgumentWithALongName\n"));
}

TEST(Statements, SelectWhatAnInterfaceOrUnionMayBe) {
  const auto text = queries(
      "type Query { named: Named pet: Pet } interface Named { name: String } union Pet = Cat | Dog\n"
      "type Cat implements Named { name: String lives: Int } type Dog { barks: Boolean }");
  EXPECT_THAT(text, HasSubstr("  named {\n    name\n\n    ... on Cat {\n      lives\n    }\n  }\n"));
  EXPECT_THAT(text, HasSubstr("  pet {\n    ... on Cat {\n      name\n      lives\n    }\n    ... on Dog {\n"));
}

TEST(Statements, AskForTheTypeWhenNothingElseIsWithinTheDepth) {
  const auto text = queries("type Query { first: U } union U = A type A { b: B } type B { id: ID }", {.depth = 1});
  EXPECT_THAT(text, HasSubstr("  first {\n    __typename\n  }\n"));
}

TEST(Statements, KeepDefaultsAsLiterals) {
  const auto text =
      queries("enum E { ON } type Query { q(a: String = \"x\", b: E = ON, c: Int = 0, d: [Int] = [1, 2]): Int }");
  EXPECT_THAT(text, HasSubstr("query Q($a: String = \"x\", $b: E = ON, $c: Int, $d: [Int] = [1, 2]) {"));
}

TEST(Statements, SpreadAFragmentForStorageLinksInGraphqlOnly) {
  const auto api =
      document("type Query { file: S3Object } type S3Object { bucket: String! key: String! region: String! }");
  const auto files = *statements(api, {});
  ASSERT_EQ(files.size(), 2u);
  EXPECT_THAT(files[0].text, HasSubstr("  file {\n    __typename\n\n    ...S3Object\n  }\n"));
  EXPECT_EQ(files[1].name, "fragments.graphql");
  EXPECT_THAT(files[1].text, HasSubstr("\nfragment S3Object on S3Object {\n  bucket\n  key\n  region\n}\n"));
  const auto modules = *statements(api, {.target = StatementTarget::javascript});
  ASSERT_EQ(modules.size(), 1u);
  EXPECT_THAT(modules[0].text, HasSubstr("      bucket\n      key\n      region\n      __typename\n"));
}

TEST(Statements, OfTypescriptAreTypedWhenTheTypesHaveAPlace) {
  const auto text = queries(chain, {.target = StatementTarget::typescript, .types_path = "API.ts"});
  EXPECT_THAT(
      text, HasSubstr("import * as APITypes from \"./API\";\ntype GeneratedQuery<InputType, OutputType> = string & {"));
  EXPECT_THAT(text, HasSubstr("` as GeneratedQuery<APITypes.FirstQueryVariables, APITypes.FirstQuery>;\n"));
  EXPECT_THAT(queries(chain, {.target = StatementTarget::typescript}), HasSubstr("/* GraphQL */ `\n  query First {\n"));
}

TEST(Statements, RefuseADepthAtWhichACyclicApiHasNoEnd) {
  const auto api = document("type Query { first: A } type A { a: A b: A c: A d: A }");
  const auto files = statements(api, {.depth = statement_depth_max});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, Code::limit_exceeded);
  EXPECT_THAT(files.error().message, HasSubstr("--max-depth"));
}

TEST(Statements, RefuseAModuleWhoseConstantCannotHaveItsName) {
  const auto api = document("type Query { delete: Int }");
  const auto files = statements(api, {.target = StatementTarget::javascript});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, Code::unsupported);
  EXPECT_THAT(files.error().message, HasSubstr("Query.delete"));
  EXPECT_TRUE(statements(api, {}));
}

TEST(Statements, OfAnApiWithoutRootsAreNone) {
  EXPECT_TRUE(statements(document("type A { id: ID }"), {})->empty());
  EXPECT_EQ(statements(document("schema { query: Root } type Root { a: Int }"), {})->size(), 1u);
}

}  // namespace
}  // namespace holdfast::codegen
