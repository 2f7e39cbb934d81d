#include "graphql/type_system.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problems(std::string_view sdl) {
  const auto built = TypeSystem::build(testing::read_schema(sdl));
  std::vector<std::string> messages;
  if (const auto* found = std::get_if<std::vector<Diagnostic>>(&built)) {
    for (const auto& problem : *found) messages.push_back(problem.message);
  }
  return messages;
}

TEST(TypeSystem, MergesExtensionsInOrder) {
  const auto types =
      testing::build_types("type Query { a: Int } extend type Query { b: [Colour!] } enum Colour { RED }");
  ASSERT_NE(types.type("Query")->field("b"), nullptr);
  EXPECT_EQ(types.type("Query")->field("b")->type.text(), "[Colour!]");
  EXPECT_EQ(types.root(OperationType::query), types.type("Query"));
  EXPECT_EQ(types.root(OperationType::mutation), nullptr);
}

TEST(TypeSystem, KnowsBuiltInTypesDirectivesAndMetaFields) {
  const auto types = testing::build_types("schema { query: Root } type Root { a: Int } union U = Root");
  EXPECT_NE(types.type("ID"), nullptr);
  EXPECT_NE(types.type("__Schema"), nullptr);
  EXPECT_NE(types.directive("skip"), nullptr);
  EXPECT_NE(types.field(*types.type("U"), "__typename"), nullptr);
  EXPECT_NE(types.field(*types.type("Root"), "__type"), nullptr);
  EXPECT_EQ(types.field(*types.type("__Type"), "__schema"), nullptr);
}

TEST(TypeSystem, StaysWholeWhenItIsMoved) {
  auto types = testing::build_types("interface N { id: ID } type Query implements N { id: ID }");
  const auto moved = std::move(types);
  EXPECT_THAT(moved.possible_types("N"), ElementsAre(moved.type("Query")));
}

TEST(TypeSystem, ReportsAllProblemsInSourceOrder) {
  EXPECT_THAT(problems("type Query {\n a: Nope\n b(c: Query): Int\n}\ntype A implements B { x: Int }\n"
                       "input I { q: Query }\nunion U = I\nextend type Gone { x: Int }"),
              ElementsAre("Unknown type \"Nope\".", "The type of Query.b.c must be Input Type but got: Query.",
                          "Unknown type \"B\".", "The type of I.q must be Input Type but got: Query.",
                          "Union type U can only include Object types, it cannot include I.",
                          "Cannot extend type \"Gone\" because it is not defined."));
}

TEST(TypeSystem, RefusesNamesDefinedTwice) {
  EXPECT_THAT(problems("type Query { a: Int a: Int } enum E { X X } type E { a: Int }"),
              ElementsAre("\"Query.a\" can only be defined once.", "\"E.X\" can only be defined once.",
                          "There can be only one type named \"E\"."));
}

TEST(TypeSystem, RefusesInterfacesThatAreNotImplemented) {
  EXPECT_THAT(
      problems("interface N { id: ID! of(x: Int): Int } type Query implements N { id: ID of(x: Int, y: Int!): Int }"),
      ElementsAre("Interface field N.id expects type ID! but Query.id is type ID.",
                  "Object field Query.of includes required argument y that is missing from the Interface "
                  "field N.of."));
}

TEST(TypeSystem, RefusesInputsThatCanNeverBeWritten) {
  EXPECT_THAT(problems("type Query { a(b: A): Int } input A { b: B! } input B { a: A! } input C { c: C, l: [C!]! }"),
              ElementsAre(HasSubstr("\"A\" can never be written"), HasSubstr("\"B\" can never be written")));
  EXPECT_THAT(problems("type Query { a(b: A): Int } input A { b: A = {} }"), ElementsAre(HasSubstr("default values")));
}

TEST(TypeSystem, AcceptsDirectivesThatOnlyOthersUnderstand) {
  EXPECT_THAT(problems("type Query @aws_api_key { a: Int @aws_subscribe(mutations: [\"x\"]) }"), IsEmpty());
}

TEST(TypeSystem, RefusesTwoRootsForOneOperation) {
  const auto built = TypeSystem::build(
      testing::read_schema("schema { query: A } extend schema { query: B } type A { a: Int } type B { a: Int }"));
  const auto* found = std::get_if<std::vector<Diagnostic>>(&built);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().message, "The schema names more than one root type for the same operation.");
  EXPECT_EQ(found->front().remedy, "Keep one of them.");
}

TEST(TypeSystem, NeedsAQueryRoot) {
  EXPECT_THAT(problems("type Other { a: Int }"), ElementsAre("Query root type must be provided."));
}

}  // namespace
}  // namespace holdfast::graphql
