#include "graphql/introspect.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "graphql/builtin.h"
#include "graphql/testing.h"
#include "graphql/schema_test_types.h"
#include "graphql/validate.h"

namespace holdfast::graphql {
namespace {

class NoResolvers : public Resolvers {
 public:
  [[nodiscard]] bool resolves(const TypeDefinition&, const FieldDefinition&) const override { return false; }
  std::vector<Outcome> resolve(const FieldCall&, std::span<const Value* const>) override { return {}; }
};

Object run(const TypeSystem& types, std::string_view query) {
  const auto document = testing::read_document(query);
  EXPECT_TRUE(validate(types, document).empty());
  const testing::PlainScalars scalars;
  NoResolvers resolvers;
  const Object variables;
  const auto response =
      execute({types, document, document.operations.front(), variables, scalars, resolvers}, Value(Object{}));
  return *json::parse(response.text).value().as_object();
}

// Lists of named things have no order of meaning; what every schema holds is not in the expectation.
Value canonical(const Value& value) {
  if (const auto* object = value.as_object()) {
    Object copy;
    for (const auto& member : *object) copy.append(member.name, canonical(member.value));
    return copy;
  }
  const auto* list = value.as_list();
  if (!list) return value;
  List copy;
  for (const auto& item : *list) {
    const auto* name = item["name"].as_string();
    const bool is_builtin = name && (name->starts_with("__") || is_builtin_scalar(*name));
    const bool is_directive = item["locations"].as_list() && name && *name != "cost";
    if (!(is_builtin && item["kind"].as_string()) && !is_directive) copy.push_back(canonical(item));
  }
  std::sort(copy.begin(), copy.end(), [](const Value& left, const Value& right) {
    return json::write(left["name"]) < json::write(right["name"]);
  });
  return copy;
}

TEST(Introspect, AnswersTheStandardQueryAsGraphqlJs) {
  const auto expected = golden::read_json(golden::expectations / "introspection.json");
  const auto types = testing::build_types(golden::text_at(expected, "sdl"));
  const auto answer = run(types, golden::text_at(expected, "query"));
  EXPECT_EQ(answer.find("errors"), nullptr);
  EXPECT_EQ(json::write(canonical(answer.at("data")["__schema"])), json::write(canonical(expected["schema"])));
}

TEST(Introspect, HidesWhatIsDeprecatedUnlessAsked) {
  const auto types = testing::build_types("type Query { a: Int b: Int @deprecated } enum E { X Y @deprecated }");
  EXPECT_EQ(json::write(Value(run(types,
                                  "{ __type(name: \"Query\") { fields { name } all: fields(includeDeprecated: "
                                  "true) { name deprecationReason } } }"))),
            R"({"data":{"__type":{"fields":[{"name":"a"}],"all":[{"name":"a","deprecationReason":null},)"
            R"({"name":"b","deprecationReason":"No longer supported"}]}}})");
}

TEST(Introspect, KnowsNoTypeByAnotherName) {
  const auto types = testing::build_types("type Query { a: Int }");
  EXPECT_EQ(json::write(Value(run(types, "{ __type(name: \"[Query]\") { name } __typename }"))),
            R"({"data":{"__type":null,"__typename":"Query"}})");
}

}  // namespace
}  // namespace holdfast::graphql
