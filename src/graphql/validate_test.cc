#include "graphql/validate.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/testing.h"
#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> messages(const TypeSystem& types, std::string_view text) {
  std::vector<std::string> found;
  for (const auto& error : validate(types, testing::read_document(text))) found.push_back(error.message);
  std::sort(found.begin(), found.end());
  return found;
}

const TypeSystem& pets() {
  static const auto types = testing::build_types(golden::read_text(golden::expectations / "validation.graphql"));
  return types;
}

// validation.json holds documents, half of them made at random, with the messages that graphql-js 16 gives for each
// (suggestions hidden).
TEST(Validate, AgreesWithGraphqlJs) {
  const auto cases = golden::read_json(golden::expectations / "validation.json");
  ASSERT_GT(cases.as_list()->size(), 300U);
  for (const auto& expected : *cases.as_list()) {
    std::vector<std::string> wanted;
    for (const auto& message : *expected["messages"].as_list()) wanted.push_back(*message.as_string());
    std::sort(wanted.begin(), wanted.end());
    const auto document = golden::text_at(expected, "document");
    EXPECT_EQ(messages(pets(), document), wanted) << document;
  }
}

// The recorded APIs leave AppSync's own scalars undeclared.
TypeSystem recorded_api(const std::string& name) {
  return testing::build_types(
      golden::read_text(golden::recorded() / "wire" / (name + ".api.graphql")) +
      "\nscalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON "
      "scalar AWSURL scalar AWSPhone scalar AWSIPAddress");
}

TEST(Validate, AcceptsEveryDocumentThatThePublishedClientsSend) {
  const auto blog = recorded_api("blog");
  const auto gen2 = recorded_api("gen2");
  std::istringstream lines(golden::read_text(golden::recorded() / "wire" / "documents.jsonl"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto recorded = json::parse(line).value();
    const auto& types = recorded["client"] == Value("datastore") ? blog : gen2;
    EXPECT_THAT(messages(types, golden::text_at(recorded, "query")), IsEmpty()) << line;
  }
  EXPECT_EQ(count, 73);
}

TEST(Validate, NamesThePlaceOfAnError) {
  const auto errors = validate(pets(), testing::read_document("{\n  dog {\n    nope\n  }\n}"));
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].locations, std::vector<Location>({{3, 5, 0}}));
}

TEST(Validate, TakesItemsOfAListWhereNoneIsExpectedAsNullable) {
  EXPECT_THAT(messages(pets(), "query ($c: Colour) { dog { knows(command: [$c]) } }"),
              ElementsAre("Enum \"Colour\" cannot represent non-enum value: [$c]."));
  EXPECT_THAT(messages(pets(), "{ pet(filter: {age: {min: 1}, any: []}) { __typename } pets(filter: []) { __typename } }"),
              ElementsAre("Expected value of type \"PetFilter\", found []."));
  EXPECT_THAT(messages(pets(), "{ pet(filter: {colours: [[]]}) { __typename } }"),
              ElementsAre("Enum \"Colour\" cannot represent non-enum value: []."));
}

TEST(Validate, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_THAT(messages(pets(), "{ pet(filter: {score: 1e400}) { __typename } }"),
              ElementsAre("Float cannot represent non numeric value: 1e400"));
}

TEST(Validate, StopsAfterAHundredErrors) {
  std::string text = "{";
  for (int i = 0; i < 300; ++i) text += " nope" + std::to_string(i);
  const auto errors = validate(pets(), testing::read_document(text + " }"));
  ASSERT_THAT(errors, SizeIs(101));
  EXPECT_EQ(errors.back().message, "Too many validation errors, error limit reached. Validation aborted.");
}

// Each fragment spreads the next twice under two fields: expanded it has 2^100 fields.
TEST(Validate, IsQuickForFragmentsThatMultiply) {
  std::string text = "{ person { ...F0 } }";
  for (int i = 0; i < 100; ++i) {
    const auto next = std::to_string(i + 1);
    text += " fragment F" + std::to_string(i) + " on Person { friends { ...F" + next + " } x: friends { ...F" + next +
            " } }";
  }
  EXPECT_THAT(messages(pets(), text + " fragment F100 on Person { id }"), IsEmpty());
}

TEST(Validate, GivesUpOnDocumentsThatCompareTooMuch) {
  std::string text = "{ dog {";
  for (int i = 0; i < 2000; ++i) text += " id";
  EXPECT_THAT(messages(pets(), text + " } }"), ElementsAre(HasSubstr("more than 500000 comparisons")));
}

TEST(Validate, SurvivesLongChainsOfFragments) {
  std::string text = "{ dog { id ...F0 } }";
  for (int i = 0; i < 20000; ++i) {
    text += " fragment F" + std::to_string(i) + " on Dog { barks ...F" + std::to_string(i + 1) + " }";
  }
  EXPECT_THAT(messages(pets(), text + " fragment F20000 on Dog { id }"), ElementsAre(HasSubstr("more than 500000 comparisons")));
}

}  // namespace
}  // namespace holdfast::graphql
