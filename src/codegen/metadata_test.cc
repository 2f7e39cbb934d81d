#include "codegen/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/json.h"
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

// G18
TEST(Metadata, ForIntrospectionLeaveOutWhatIsOfAnAbstractType) {
  const auto made = introspection(metadata_of(with_union, Audience::introspection));
  EXPECT_EQ(made["nonModels"]["Cat"]["fields"], Value(Object{}));
  EXPECT_TRUE(made["queries"]["pet"].is_null());
  EXPECT_FALSE(made["queries"]["cat"].is_null());
}

// G18
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
  EXPECT_EQ(problem.remedy, "Relate by one field, or write the schema with @belongsTo.");
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

// G10
TEST(PublishedVersion, IsTheSameWhateverEnumsRulesAndDescriptionsSay) {
  const auto version = published_version(metadata_of("type A @model { a: E! b: Int } enum E { X }"));
  EXPECT_EQ(version, published_version(metadata_of(
                         "\"Text\" type A @model @auth(rules: [{allow: public}]) { b: Int a: E! } enum E { Y Z }")));
  EXPECT_NE(version, published_version(metadata_of("type A @model { a: E b: Int } enum E { X }")));
}

// G10
TEST(PublishedVersion, ChangesWithEveryPartOfTheStructure) {
  const auto version = [](const std::string& text) { return published_version(metadata_of(text)); };
  const auto with = [&](const std::string& fields) { return version("type A @model { id: ID! " + fields + " } type B @model { id: ID! }"); };
  EXPECT_EQ(version("type B @model { id: ID! } type A @model { id: ID! x: Int }"), with("x: Int")) << "order is no part of it";
  std::set<std::string> versions;
  const std::vector<std::string> all{"",        "x: Int",           "x: Int!",   "x: [Int]",
                                     "x: [Int!]", "x: [Int]!",        "x: String", "x: B @hasOne",
                                     "x: [B] @hasMany", "x: Int y: Int"};
  for (const auto& fields : all) versions.insert(with(fields));
  EXPECT_EQ(versions.size(), all.size());
  EXPECT_NE(version("type A @model { id: ID! x: Int }"), with("x: Int")) << "a type more";
  const auto keyed = [&](const std::string& fields) {
    return version("type A @model @key(name: \"k\", fields: [" + fields + "]) { id: ID! x: String y: String }");
  };
  EXPECT_NE(keyed("\"x\""), keyed("\"y\""));
}

// G20
TEST(Metadata, MakeAnIdRequiredHoweverItIsWritten) {
  for (const auto* written : {"", "id: ID", "id: ID!"}) {
    const auto made = schema_js(metadata_of("type A @model { " + std::string(written) + " x: Int }"));
    EXPECT_EQ(made["models"]["A"]["fields"]["id"]["isRequired"], Value(true)) << written;
  }
}

// G06, G21: what is said in the older dialect and in the current one is the same.
TEST(Metadata, OfBothDialectsAgree) {
  const auto older = schema_js(metadata_of(R"(
type Post @model { id: ID! comments: [Comment] @connection(keyName: "byPost", fields: ["id"]) }
type Comment @model @key(name: "byPost", fields: ["postID", "content"]) { id: ID! postID: ID! content: String! }
type Order @model @key(fields: ["email", "at"]) { email: String! at: String! })"));
  const auto current = schema_js(metadata_of(R"(
type Post @model { id: ID! comments: [Comment] @hasMany(indexName: "byPost", fields: ["id"]) }
type Comment @model { id: ID! postID: ID! @index(name: "byPost", sortKeyFields: ["content"]) content: String! }
type Order @model { email: String! @primaryKey(sortKeyFields: ["at"]) at: String! })"));
  const auto text = [](const Value& schema, const char* model, const char* part) {
    auto out = json::write(schema["models"][model][part]);
    // The one thing that is written otherwise: a field of the other side, or a list of one.
    const std::string listed = "[\"postID\"]";
    if (const auto at = out.find(listed); at != std::string::npos) out.replace(at, listed.size(), "\"postID\"");
    return out;
  };
  for (const auto* model : {"Post", "Comment", "Order"}) {
    EXPECT_EQ(text(older, model, "attributes"), text(current, model, "attributes"));
  }
  // The older generator gives Order an `id` beside its key.
  for (const auto* model : {"Post", "Comment"}) EXPECT_EQ(text(older, model, "fields"), text(current, model, "fields"));
}

// --- text ----------------------------------------------------------------------------------------------------

TEST(JavascriptModels, AreTheFourFilesThatUsersImport) {
  const auto files = javascript_models(metadata_of("type A @model { a: Int }"));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("index.js", "index.d.ts", "schema.js", "schema.d.ts"));
}

// G13
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
