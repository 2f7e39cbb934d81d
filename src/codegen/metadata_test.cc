#include "codegen/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/change_case.h"
#include "codegen/introspection.h"
#include "codegen/javascript.h"
#include "codegen/metadata_version.h"

namespace holdfast::codegen {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::variant<Metadata, std::vector<graphql::Diagnostic>> read(const std::string& text, Audience audience) {
  auto reading = schema::read_schema({{"schema.graphql", text}});
  if (auto* problems = std::get_if<1>(&reading)) throw std::runtime_error(problems->front().message);
  return metadata(std::get<schema::Reading>(reading), audience);
}

Metadata metadata_of(const std::string& text, Audience audience = Audience::datastore) {
  return std::get<Metadata>(read(text, audience));
}

graphql::Diagnostic problem_of(const std::string& text, Audience audience = Audience::datastore) {
  return std::get<1>(read(text, audience)).at(0);
}

std::string file_of(const std::string& text, const std::string& name) {
  for (const auto& file : javascript_models(metadata_of(text))) {
    if (file.name == name) return file.text;
  }
  return {};
}

// --- what is refused -----------------------------------------------------------------------------------------

constexpr const char* with_union = R"(
type Post @model { title: String }
type Dog { name: String }
type Cat { friend: Pet }
union Pet = Dog | Cat
type Query { cat: Cat pet: Pet })";

TEST(Metadata, ForDataStoreRefuseAFieldOfAnAbstractTypeWithItsPlace) {
  const auto problem = problem_of(with_union);
  EXPECT_EQ(problem.message, "Unknown type Pet for field friend.");
  EXPECT_EQ(problem.at.line, 4u);
  EXPECT_EQ(problem.at.column, 12u);
  EXPECT_EQ(problem.remedy, "Clients know the scalars of AppSync, enums and object types: use one of these, or AWSJSON.");
}

TEST(Metadata, ForIntrospectionLeaveOutWhatIsOfAnAbstractType) {
  const auto made = introspection(metadata_of(with_union, Audience::introspection));
  EXPECT_EQ(made["nonModels"]["Cat"]["fields"], Value(Object{}));
  EXPECT_TRUE(made["queries"]["pet"].is_null());
  EXPECT_FALSE(made["queries"]["cat"].is_null());
}

TEST(Metadata, RefuseAScalarThatClientsDoNotKnow) {
  const auto* schema = "scalar Money type Price { amount: Money } type Query { price: Price } type A @model { a: Int }";
  EXPECT_EQ(problem_of(schema).message, "Unknown type Money for field amount.");
  EXPECT_EQ(problem_of(schema, Audience::introspection).message, "Unknown type Money for field amount.");
}

TEST(Metadata, OfTheOlderDialectRefuseARelationByTwoFields) {
  const auto problem = problem_of(R"(
type Order @model @key(fields: ["email", "at"]) { email: String! at: String! lines: [Line] @connection(keyName: "byOrder", fields: ["email", "at"]) }
type Line @model @key(name: "byOrder", fields: ["email", "at"]) { id: ID! email: String! at: String! order: Order @connection(fields: ["email", "at"]) })");
  EXPECT_EQ(problem.message, "DataStore only support one key in field");
}

TEST(Metadata, OfTheOlderDialectRefuseAListByAKeyThatARelationHides) {
  const auto problem = problem_of(R"(
type Comment @model @key(name: "byPost", fields: ["commentPostId"]) { id: ID! commentPostId: ID! post: Post @connection(name: "PC") }
type Post @model { id: ID! all: [Comment] @connection(name: "PC") some: [Comment] @connection(keyName: "byPost", fields: ["id"]) })");
  EXPECT_EQ(problem.message, "Can not find key field commentPostId in Comment");
  EXPECT_EQ(problem.at.line, 3u);
  EXPECT_EQ(problem.remedy, "Relate to Comment by one of the two alone, or name another key with keyName.");
}

// --- version -------------------------------------------------------------------------------------------------

TEST(PublishedVersion, IsTheSameWhateverEnumsRulesAndDescriptionsSay) {
  const auto version = published_version(metadata_of("type A @model { a: E! b: Int } enum E { X }"));
  EXPECT_EQ(version, published_version(metadata_of(
                         "\"Text\" type A @model @auth(rules: [{allow: public}]) { b: Int a: E! } enum E { Y Z }")));
  EXPECT_NE(version, published_version(metadata_of("type A @model { a: E b: Int } enum E { X }")));
}

// --- text ----------------------------------------------------------------------------------------------------

TEST(JavascriptModels, AreTheFourFilesThatUsersImport) {
  const auto files = javascript_models(metadata_of("type A @model { a: Int }"));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("index.js", "index.d.ts", "schema.js", "schema.d.ts"));
}

TEST(JavascriptModels, ExportModelsEnumsAndOtherTypesUnderTheirOwnNames) {
  const auto text =
      file_of("type Post @model { s: post_status at: Place } enum post_status { inProgress } type Place { x: Int }",
              "index.js");
  EXPECT_EQ(text, R"(// @ts-check
import { initSchema } from '@aws-amplify/datastore';
import { schema } from './schema';

const post_status = {
  "IN_PROGRESS": "inProgress"
};

const { Post, Place } = initSchema(schema);

export {
  Post,
  post_status,
  Place
};
)");
}

TEST(JavascriptModels, OfASchemaWithoutTypesImportNoClass) {
  const auto text = file_of("type Query { a: Int }", "index.js");
  EXPECT_THAT(text, Not(HasSubstr("initSchema(schema)")));
}

TEST(Introspection, OfTheOlderDialectNamesKeysInLists) {
  const auto made = introspection(metadata_of(R"(
type Post @model { id: ID! comments: [Comment] @connection(name: "PostComments") }
type Comment @model { id: ID! post: Post @connection(name: "PostComments") })",
                                              Audience::introspection));
  EXPECT_EQ(made["models"]["Post"]["fields"]["comments"]["association"]["associatedWith"], Value(List{"post"}));
  EXPECT_EQ(made["models"]["Comment"]["fields"]["post"]["association"]["targetNames"], Value(List{"commentPostId"}));
}

// --- change-case ---------------------------------------------------------------------------------------------

TEST(ChangeCase, CutsWordsAsThePublishedGeneratorDoes) {
  EXPECT_EQ(constant_case("inProgress"), "IN_PROGRESS");
  EXPECT_EQ(constant_case("HTTPError2x1Y"), "HTTP_ERROR2X1_Y");
  EXPECT_EQ(constant_case("__done_"), "DONE");
  EXPECT_EQ(pascal_case("blog_post"), "BlogPost");
  EXPECT_EQ(pascal_case("v_2beta"), "V_2beta");
  EXPECT_EQ(pascal_case("HTTPLog"), "HttpLog");
  EXPECT_EQ(camel_case("HTTPLog"), "httpLog");
  EXPECT_EQ(camel_case("Post"), "post");
  EXPECT_EQ(camel_case("_"), "");
}

}  // namespace
}  // namespace holdfast::codegen
