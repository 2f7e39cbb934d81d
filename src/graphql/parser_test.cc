#include "graphql/parser.h"

#include <gtest/gtest.h>

#include <sstream>

#include "graphql/testing.h"

namespace holdfast::graphql {
namespace {

using golden::text_at;

Document document(std::string_view text) {
  auto parsed = parse_document(text);
  if (const auto* wrong = std::get_if<Diagnostic>(&parsed)) {
    ADD_FAILURE() << text << "\n" << wrong->message;
    return {};
  }
  return std::get<Document>(std::move(parsed));
}

SchemaDocument schema(std::string_view text) {
  auto parsed = parse_schema(text);
  if (const auto* wrong = std::get_if<Diagnostic>(&parsed)) {
    ADD_FAILURE() << render(*wrong, {{"schema", std::string(text)}});
    return {};
  }
  return std::get<SchemaDocument>(std::move(parsed));
}

template <class Parsed>
Diagnostic failure(const Parsed& parsed) {
  const auto* wrong = std::get_if<Diagnostic>(&parsed);
  return wrong == nullptr ? Diagnostic{.message = "(accepted)"} : *wrong;
}

AstValue argument_of(std::string_view value) {
  const auto parsed = document("{ a(b: " + std::string(value) + ") }");
  const auto* found = argument(parsed.operations.at(0).selections.at(0).arguments, "b");
  return found == nullptr ? AstValue{} : *found;
}

/// Compares with testdata/syntax_errors.json, which graphql-js wrote. `kind`: "document" or "schema".
template <class Parse>
void expect_errors_of_graphql_js(const char* kind, Parse&& parse) {
  const auto cases = golden::read_json(golden::expectations / "syntax_errors.json");
  for (const auto& one : *cases[kind].as_list()) {
    const auto text = text_at(one, "text");
    const auto wrong = failure(parse(text));
    EXPECT_EQ(wrong.message, text_at(one, "message")) << text;
    EXPECT_EQ(wrong.at.line, *one["line"].as_integer()) << text;
    EXPECT_EQ(wrong.at.column, *one["column"].as_integer()) << text;
  }
}

TEST(Parser, ReportsTheSyntaxErrorsOfGraphqlJsInDocuments) {
  expect_errors_of_graphql_js("document", [](const std::string& text) { return parse_document(text); });
}

TEST(Parser, ReportsTheSyntaxErrorsOfGraphqlJsInSchemas) {
  expect_errors_of_graphql_js("schema", [](const std::string& text) { return parse_schema(text); });
}

TEST(Parser, ReadsEveryDocumentThatThePublishedClientsSend) {
  std::istringstream lines(golden::read_text(golden::recorded() / "wire/documents.jsonl"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto parsed = document(text_at(json::parse(line).value(), "query"));
    EXPECT_EQ(parsed.operations.size(), 1u) << line;
  }
  EXPECT_GT(count, 50);
}

TEST(Parser, ReadsEverySchemaAndApiOfThePublishedTransformer) {
  int count = 0;
  for (const auto& folder : std::filesystem::directory_iterator(golden::recorded() / "transformer")) {
    if (!folder.is_directory()) continue;
    EXPECT_FALSE(schema(golden::read_text(folder.path() / "schema.graphql")).types.empty()) << folder.path();
    EXPECT_FALSE(schema(golden::read_text(folder.path() / "api.graphql")).types.empty()) << folder.path();
    ++count;
  }
  EXPECT_GT(count, 30);
}

TEST(Parser, KeepsAliasesArgumentsDirectivesAndPlaces) {
  const auto parsed = document(
      "query Q($n: [Int!]! = [1]) @live {\n  top: post(id: $n) @skip(if: false) { ...F }\n}\nfragment F on Post { id "
      "}");
  ASSERT_EQ(parsed.operations.size(), 1u);
  const auto& operation = parsed.operations.front();
  EXPECT_EQ(operation.name, "Q");
  EXPECT_EQ(operation.variables.at(0).name, "n");
  EXPECT_EQ(operation.variables.at(0).type.text(), "[Int!]!");
  EXPECT_EQ(operation.variables.at(0).type.innermost(), "Int");
  EXPECT_EQ(operation.variables.at(0).at, (Location{1, 9, 0}));
  EXPECT_NE(directive(operation.directives, "live"), nullptr);
  const auto& field = operation.selections.at(0);
  EXPECT_EQ(field.response_name(), "top");
  EXPECT_EQ(field.name, "post");
  EXPECT_EQ(field.at, (Location{2, 3, 0}));
  EXPECT_EQ(argument(field.arguments, "id")->kind, AstValue::Kind::variable);
  EXPECT_EQ(argument(field.arguments, "none"), nullptr);
  EXPECT_EQ(field.selections.at(0).kind, Selection::Kind::fragment_spread);
  ASSERT_NE(parsed.fragment("F"), nullptr);
  EXPECT_EQ(parsed.fragment("F")->type_condition, "Post");
  EXPECT_EQ(parsed.fragment("G"), nullptr);
}

TEST(Parser, ReadsEscapesAsCodePoints) {
  EXPECT_EQ(argument_of(R"("\u0041\u{1F600}\uD83D\uDE00\"\\\/\b\f\n\r\t")").text,
            "A\xF0\x9F\x98\x80\xF0\x9F\x98\x80\"\\/\b\f\n\r\t");
  EXPECT_EQ(argument_of("\"\"").text, "");
  EXPECT_EQ(argument_of("-12").text, "-12");
  EXPECT_EQ(argument_of("1.50e3").kind, AstValue::Kind::floating);
}

TEST(Parser, TakesTheCommonIndentationOffBlockStrings) {
  const auto text = argument_of("\"\"\"\n    one\r\n      two\n\n    three \\\"\"\"\n  \"\"\"");
  EXPECT_TRUE(text.is_block);
  EXPECT_EQ(text.text, "one\n  two\n\nthree \"\"\"");
  EXPECT_EQ(argument_of("\"\"\"  first\n   second\n  third\"\"\"").text, "  first\n second\nthird");
  EXPECT_EQ(argument_of("\"\"\" \n\t\n\"\"\"").text, "");
}

TEST(Parser, PlacesWhatFollowsABlockString) {
  const auto wrong = failure(parse_document("{ a(b: \"\"\"\nx\r\ny\"\"\") ? }"));
  EXPECT_EQ(wrong.at, (Location{3, 7, 0}));
}

TEST(Parser, DoesNotCountAByteOrderMarkAsAColumn) {
  EXPECT_EQ(failure(parse_document("\xEF\xBB\xBF{ a ? }")).at, (Location{1, 5, 0}));
}

TEST(Parser, RefusesBytesThatAreNotUtf8) {
  EXPECT_EQ(failure(parse_document("{ a(b: \"x\xFF\") }")).message,
            "Syntax Error: Invalid character within String: byte 0xFF.");
  EXPECT_EQ(failure(parse_document("{ \xC0\xAF }")).message, "Syntax Error: Invalid character: byte 0xC0.");
  EXPECT_EQ(failure(parse_document(std::string("{ a \0 }", 7))).message, "Syntax Error: Unexpected character: U+0000.");
}

TEST(Parser, RefusesDocumentsThatNestTooDeeply) {
  const auto repeated = [](std::string_view text, int times) {
    std::string all;
    for (int count = 0; count < times; ++count) all += text;
    return all;
  };
  const std::string complaint = "Syntax Error: Document nests deeper than 200 levels.";
  EXPECT_EQ(failure(parse_document(repeated("{a", 100'000))).message, complaint);
  EXPECT_EQ(failure(parse_document("{a(b:" + repeated("[", 100'000))).message, complaint);
  EXPECT_EQ(failure(parse_document("{a(b:" + repeated("{c:", 100'000))).message, complaint);
  EXPECT_EQ(failure(parse_document("query($a:" + repeated("[", 100'000))).message, complaint);
  EXPECT_EQ(failure(parse_document(repeated("{...", 100'000))).message, complaint);
  EXPECT_EQ(document(repeated("{a", 200) + repeated("}", 200)).operations.size(), 1u);
}

TEST(Parser, EndsWithoutHarmOnEveryPrefixOfADocument) {
  const std::string whole =
      "query Q($a: [T!]! = [{b: \"c\\u0041\"}]) @d { x: y(z: \"\"\"\n b\n\"\"\", w: -1.5e3) { ...F ... on T { a } } }";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto wrong = failure(parse_document(whole.substr(0, size)));
    EXPECT_TRUE(wrong.message.starts_with("Syntax Error: ")) << whole.substr(0, size) << "\n" << wrong.message;
  }
}

TEST(Parser, ReadsTheWholeTypeLanguage) {
  const auto parsed = schema(R"(
"The roots" schema @s { query: Query mutation: Mutation }
extend schema { subscription: Subscription }
scalar Date @specifiedBy(url: "https://example.org")
interface Node implements Entity { id: ID! }
"""
A post.
  Indented.
"""
type Post implements Node & Entity @model {
  "Its key" id: ID!
  tags(first: Int = 10 @a, after: [String!]): [String!]! @deprecated(reason: "old")
}
union Found = | Post | Comment
enum Status { ACTIVE "Gone" INACTIVE @deprecated }
input New { title: String = "x", nested: New }
directive @tag(name: String!) repeatable on | OBJECT | FIELD_DEFINITION
extend type Post @more { extra: Int }
)");
  EXPECT_EQ(parsed.schemas.at(0).description, "The roots");
  EXPECT_EQ(parsed.schemas.at(0).mutation, "Mutation");
  EXPECT_TRUE(parsed.schemas.at(1).is_extension);
  EXPECT_EQ(parsed.schemas.at(1).subscription, "Subscription");
  ASSERT_EQ(parsed.types.size(), 7u);
  const auto& post = parsed.types.at(2);
  EXPECT_EQ(post.description, "A post.\n  Indented.");
  EXPECT_EQ(post.interfaces, (std::vector<std::string>{"Node", "Entity"}));
  EXPECT_EQ(post.at, (Location{10, 6, 0}));
  EXPECT_EQ(post.field("id")->description, "Its key");
  EXPECT_EQ(post.field("id")->at, (Location{11, 13, 0}));
  EXPECT_EQ(post.field("tags")->argument("first")->default_value->text, "10");
  EXPECT_EQ(parsed.types.at(1).interfaces, std::vector<std::string>{"Entity"});
  EXPECT_EQ(parsed.types.at(3).members, (std::vector<std::string>{"Post", "Comment"}));
  EXPECT_TRUE(parsed.types.at(4).has_value("INACTIVE"));
  EXPECT_EQ(parsed.types.at(4).values.at(1).description, "Gone");
  EXPECT_EQ(parsed.types.at(5).input("title")->default_value->text, "x");
  EXPECT_TRUE(parsed.types.at(6).is_extension);
  EXPECT_TRUE(parsed.directives.at(0).is_repeatable);
  EXPECT_EQ(parsed.directives.at(0).locations, (std::vector<std::string>{"OBJECT", "FIELD_DEFINITION"}));
}

TEST(Parser, NumbersTheSourceInEveryPlace) {
  const auto parsed = std::get<SchemaDocument>(parse_schema("type A { b: C }", 3));
  EXPECT_EQ(parsed.types.at(0).at.source, 3u);
  EXPECT_EQ(parsed.types.at(0).fields.at(0).type.at.source, 3u);
  EXPECT_EQ(failure(parse_schema("type", 3)).at.source, 3u);
}

TEST(Parser, RefusesASecondTypeForOneOperation) {
  const auto parsed = parse_schema("schema { query: A mutation: M query: B }");
  const auto* problem = std::get_if<Diagnostic>(&parsed);
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->message, "Syntax Error: There can be only one query type in schema.");
  EXPECT_EQ(problem->at, (Location{1, 31, 0}));
}

}  // namespace
}  // namespace holdfast::graphql
