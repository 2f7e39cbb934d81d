#include "schema/custom_fields.h"

#include <gtest/gtest.h>

#include "graphql/parser.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

std::vector<CustomField> fields_of(const std::string& text) {
  auto read = read_schema({{"s", text}});
  const auto* reading = std::get_if<Reading>(&read);
  if (reading != nullptr) return custom_fields(reading->written.document);
  ADD_FAILURE() << std::get<std::vector<graphql::Diagnostic>>(read).front().message;
  return {};
}

TEST(CustomFields, OfAnyTypeAreFoundWithTheirChain) {
  const auto fields = fields_of(R"(
    type Query { a: Int @function(name: "one-${env}", region: "us-east-1") @function(name: "two") b: Int }
    type Post @model { id: ID! likes: Int @function(name: "likes") inner: Inner }
    type Inner { c: Int @function(name: "inner") }
    extend type Query { more: Int @function(name: "more") })");
  ASSERT_EQ(fields.size(), 4U);
  EXPECT_EQ(fields[0].type + "." + fields[0].field, "Query.a");
  ASSERT_EQ(fields[0].functions.size(), 2U);
  EXPECT_EQ(fields[0].functions[0].name, "one-${env}");
  EXPECT_EQ(fields[0].functions[1].name, "two");
  EXPECT_EQ(fields[1].field, "more");
  EXPECT_EQ(fields[2].type + "." + fields[2].field, "Post.likes");
  EXPECT_EQ(fields[3].type, "Inner");
}

TEST(CustomFields, SayWhenNobodyWaits) {
  const auto fields = fields_of(R"(type EventInvocationResponse { success: Boolean! }
    type Mutation { go: EventInvocationResponse @function(name: "f") @function(name: "g", invocationType: Event) })");
  EXPECT_FALSE(fields.at(0).functions.at(0).is_event);
  EXPECT_TRUE(fields.at(0).functions.at(1).is_event);
}

TEST(CustomFields, OfHttpCarryMethodAddressAndHeaders) {
  const auto fields = fields_of(R"(input In { a: Int } type Mutation {
    a(id: ID!, n: Int!, s: String, in: In!): Int
      @http(method: POST, url: "https://x.example/:id", headers: [{key: "A", value: "b"}, {key: "C", value: "${env}"}])
    b(n: Int!): Int @http(url: "http://x.example") })");
  ASSERT_EQ(fields.size(), 2U);
  const auto& http = *fields[0].http;
  EXPECT_EQ(http.method, "POST");
  EXPECT_EQ(http.url, "https://x.example/:id");
  ASSERT_EQ(http.headers.size(), 2U);
  EXPECT_EQ(http.headers[1].second, "${env}");
  EXPECT_EQ(http.required, std::vector<std::string>{"n"});
  EXPECT_EQ(fields[1].http->method, "GET");
  EXPECT_TRUE(fields[1].http->required.empty());
}

TEST(UrlParameters, StandInThePathAndTheQueryButNotInTheHost) {
  EXPECT_EQ(url_parameters("https://user:pw@host:80/a/:id/:id?by=:author:"), (std::vector<std::string>{"id", "author"}));
  EXPECT_TRUE(url_parameters("http://host:8080").empty());
  const auto text = with_url_parameters("http://h:1/:a/x:b.c/:", [](auto name) { return "<" + std::string(name) + ">"; });
  EXPECT_EQ(text, "http://h:1/<a>/x<b>.c/:");
}

}  // namespace
}  // namespace holdfast::schema
