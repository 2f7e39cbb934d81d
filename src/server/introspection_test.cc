// What the backend tells of its API is the API document, and fields that nobody answers say so.
#include <gtest/gtest.h>

#include "api/golden_cases.h"
#include "api/sdl_difference.h"
#include "api/service_types.h"
#include "graphql/builtin.h"
#include "graphql/parser.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;

constexpr const char* everything = R"(
query { __schema { queryType { name } types { kind name description
  fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ...T }
    args { name description defaultValue type { ...T } } }
  inputFields { name description defaultValue type { ...T } }
  interfaces { name } possibleTypes { name } enumValues(includeDeprecated: true) { name description } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } })";

std::string text_at(const Value& value, const char* member) {
  const auto* text = value[member].as_string();
  return text == nullptr ? std::string() : *text;
}

List items_at(const Value& value, const char* member) {
  const auto* list = value[member].as_list();
  return list == nullptr ? List() : *list;
}

graphql::TypeRef type_told(const Value& told) {
  const auto kind = text_at(told, "kind");
  if (kind == "NON_NULL") {
    auto type = type_told(told["ofType"]);
    type.is_non_null = true;
    return type;
  }
  graphql::TypeRef type;
  if (kind == "LIST") type.element.push_back(type_told(told["ofType"]));
  else type.name = text_at(told, "name");
  return type;
}

/// Default values come as GraphQL text.
std::optional<graphql::AstValue> default_told(const Value& told) {
  const auto text = text_at(told, "defaultValue");
  if (text.empty()) return std::nullopt;
  auto parsed = graphql::parse_schema("input I { i: Int = " + text + " }");
  return std::get<graphql::SchemaDocument>(std::move(parsed)).types.front().inputs.front().default_value;
}

std::vector<graphql::InputValue> inputs_told(const List& told) {
  std::vector<graphql::InputValue> inputs;
  for (const auto& one : told) {
    graphql::InputValue input;
    input.name = text_at(one, "name");
    input.type = type_told(one["type"]);
    input.default_value = default_told(one);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

graphql::TypeDefinition definition_told(const Value& told) {
  static const std::map<std::string, graphql::TypeKind> kinds{
      {"SCALAR", graphql::TypeKind::scalar},   {"OBJECT", graphql::TypeKind::object},
      {"INTERFACE", graphql::TypeKind::interface}, {"UNION", graphql::TypeKind::union_type},
      {"ENUM", graphql::TypeKind::enumeration}, {"INPUT_OBJECT", graphql::TypeKind::input}};
  graphql::TypeDefinition type;
  type.kind = kinds.at(text_at(told, "kind"));
  type.name = text_at(told, "name");
  for (const auto& one : items_at(told, "fields")) {
    graphql::FieldDefinition field;
    field.name = text_at(one, "name");
    field.type = type_told(one["type"]);
    field.arguments = inputs_told(items_at(one, "args"));
    type.fields.push_back(std::move(field));
  }
  type.inputs = inputs_told(items_at(told, "inputFields"));
  for (const auto& one : items_at(told, "interfaces")) type.interfaces.push_back(text_at(one, "name"));
  const bool is_union = type.kind == graphql::TypeKind::union_type;
  for (const auto& one : items_at(told, "possibleTypes")) {
    if (is_union) type.members.push_back(text_at(one, "name"));
  }
  for (const auto& one : items_at(told, "enumValues")) {
    graphql::EnumValue value;
    value.name = text_at(one, "name");
    type.values.push_back(std::move(value));
  }
  return type;
}

/// Introspection shows no directives, and types that every schema has.
graphql::SchemaDocument without_directives(graphql::SchemaDocument document) {
  document.directives.clear();
  for (auto& type : document.types) {
    type.directives.clear();
    for (auto& value : type.values) value.directives.clear();
    for (auto& input : type.inputs) input.directives.clear();
    for (auto& field : type.fields) {
      field.directives.clear();
      for (auto& argument : field.arguments) argument.directives.clear();
    }
  }
  return document;
}

graphql::SchemaDocument told_by(Story& story) {
  const auto reply = story.ask(everything);
  graphql::SchemaDocument document;
  for (const auto& one : items_at(reply["data"]["__schema"], "types")) {
    const auto name = text_at(one, "name");
    if (name.starts_with("__") || graphql::is_builtin_scalar(name)) continue;
    document.types.push_back(definition_told(one));
  }
  return document;
}

class Introspection : public ::testing::TestWithParam<api::testing::GoldenCase> {};

TEST_P(Introspection, TellsTheApiDocument) {
  const auto settings = api::testing::settings_of(GetParam());
  const auto reading = api::testing::reading_of(GetParam());
  ServerOptions options;
  if (!settings.api.is_versioned) options.conflict = ConflictStrategy::none;
  Story story(reading, options);
  ASSERT_NE(story.server, nullptr);
  const api::Options api{.is_versioned = settings.api.is_versioned};
  const auto difference = api::testing::difference(
      told_by(story), without_directives(api::with_service_types(api::document(reading, api))));
  EXPECT_TRUE(difference.empty()) << GetParam().name << ":" << difference;
}

INSTANTIATE_TEST_SUITE_P(Transformer, Introspection, ::testing::ValuesIn(api::testing::served_cases()),
                         [](const auto& one) { return one.param.title(); });

TEST(UnservedFields, AnswerWithAnErrorOfTheirOwn) {
  Story story(R"(
type Track @model @searchable @auth(rules: [{ allow: public }]) { id: ID! title: String }
interface Named { name: String! }
type Dog implements Named { name: String! }
type Query { dog: Named dogs: [Dog!]! }
type Mutation { bark(times: Int!): Dog }
type Subscription { onBark: Dog @aws_subscribe(mutations: ["bark"]) })");
  const auto reply = story.ask("{ dog { name } searchTracks { total } listTracks { items { id } } }");
  EXPECT_EQ(testing::text(reply["data"]), R"({"dog":null,"searchTracks":null,"listTracks":{"items":[]}})");
  const auto* errors = reply["errors"].as_list();
  ASSERT_EQ(errors->size(), 2U);
  EXPECT_EQ(*errors->front()["message"].as_string(), "Query.dog is not served by Holdfast yet.");
  EXPECT_EQ(*errors->front()["errorType"].as_string(), "NotServed");
  EXPECT_EQ(*story.refusal("{ dogs { name } }")["errorType"].as_string(), "NotServed");
  EXPECT_EQ(*story.refusal("mutation { bark(times: 2) { name } }")["message"].as_string(),
            "Mutation.bark is not served by Holdfast yet.");
}

TEST(UnservedFields, RefuseSubscriptionsQuietly) {
  Story story("type A @model { id: ID! } type Mutation { m: Int } type Subscription { onM: Int }");
  testing::Connection connection(story);
  connection.init();
  connection.start("1", "subscription { onM }");
  const auto frames = connection.peer->take();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_NE(frames.front().find("Subscription.onM is not served by Holdfast yet."), std::string::npos) << frames.front();
}

}  // namespace
}  // namespace holdfast::server
