#include "graphql/printer.h"

#include <gtest/gtest.h>

#include <sstream>

#include "graphql/testing.h"
#include "graphql/parser.h"

namespace holdfast::graphql {
namespace {

using golden::text_at;

std::string reprinted_document(const std::string& text) { return print(std::get<Document>(parse_document(text))); }
std::string reprinted_schema(const std::string& text) { return print(std::get<SchemaDocument>(parse_schema(text))); }

std::string without_last_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

TEST(Printer, PrintsDocumentsAsGraphqlJsDoes) {
  const auto cases = golden::read_json(golden::expectations / "printed.json");
  for (const auto& one : *cases["document"].as_list()) {
    const auto printed = reprinted_document(text_at(one, "text"));
    EXPECT_EQ(printed, text_at(one, "printed"));
    EXPECT_EQ(reprinted_document(printed), printed);
  }
}

TEST(Printer, PrintsSchemasAsGraphqlJsDoes) {
  const auto cases = golden::read_json(golden::expectations / "printed.json");
  for (const auto& one : *cases["schema"].as_list()) {
    const auto printed = reprinted_schema(text_at(one, "text"));
    EXPECT_EQ(printed, text_at(one, "printed"));
    EXPECT_EQ(reprinted_schema(printed), printed);
  }
}

TEST(Printer, ReproducesEveryDocumentThatThePublishedClientsSend) {
  std::istringstream lines(golden::read_text(golden::recorded() / "wire/documents.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const auto text = text_at(json::parse(line).value(), "query");
    EXPECT_EQ(reprinted_document(text), without_last_line_end(text));
  }
}

TEST(Printer, ReproducesEveryApiOfThePublishedTransformer) {
  for (const auto& folder : std::filesystem::directory_iterator(golden::recorded() / "transformer")) {
    if (!folder.is_directory()) continue;
    const auto text = golden::read_text(folder.path() / "api.graphql");
    EXPECT_EQ(reprinted_schema(text), without_last_line_end(text)) << folder.path();
  }
}

TEST(Printer, PrintsDescriptionsThatNoBlockStringCanHoldAsQuotedStrings) {
  EXPECT_EQ(reprinted_schema("\" lead\\n in\" scalar S"), "\" lead\\n in\"\nscalar S");
  EXPECT_EQ(reprinted_schema("\"bell \\u0013\" scalar S"), "\"bell \\u0013\"\nscalar S");
  EXPECT_EQ(reprinted_schema("\"quoted\" scalar S"), "\"\"\"quoted\"\"\"\nscalar S");
}

TEST(Printer, PrintsWhatWasBuiltWithoutPlacesInTheOrderItWasBuilt) {
  Document document;
  document.operations.push_back({.name = "Q", .selections = {{.name = "b"}, {.name = "a"}}});
  document.fragments.push_back({.name = "F", .type_condition = "T", .selections = {{.name = "c"}}});
  EXPECT_EQ(print(document), "query Q {\n  b\n  a\n}\n\nfragment F on T {\n  c\n}");
}

}  // namespace
}  // namespace holdfast::graphql
