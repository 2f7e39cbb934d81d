#include "schema/input_rules.h"

#include <gmock/gmock.h>

#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using ::testing::HasSubstr;

std::vector<InputRules> rules_in(const std::string& text) {
  const auto read = read_schema({{"schema.graphql", text}});
  const auto* reading = std::get_if<Reading>(&read);
  EXPECT_NE(reading, nullptr);
  return reading == nullptr ? std::vector<InputRules>() : input_rules(reading->written.document);
}

TEST(InputRules, ReadDefaultsAsValuesOfTheirTypes) {
  const auto all = rules_in(R"(
    enum Mood { GOOD BAD }
    type A @model {
      text: String! @default(value: "x") count: Int @default(value: "-3") share: Float @default(value: "2.5e1")
      is_on: Boolean @default(value: "TRUE") is_off: Boolean @default(value: "false") mood: Mood @default(value: "BAD")
      at: AWSTimestamp @default(value: "1700000000") json: AWSJSON @default(value: "{\"a\":1}") plain: String
    }
    type B @model { id: ID! })");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].model, "A");
  std::vector<Value> values;
  for (const auto& rule : all[0].fields) values.push_back(rule.fallback);
  EXPECT_EQ(values, (std::vector<Value>{"x", -3, 25.0, true, false, "BAD", 1'700'000'000, R"({"a":1})"}));
}

// The words are those of the published @validate, graphql-validate-transformer.
TEST(InputRules, ReadValidationsWithTheirWords) {
  const auto all = rules_in(R"(type A @model {
    n: Int @validate(type: gt, value: "1") @validate(type: lte, value: "9", errorMessage: "too much")
    s: String @validate(type: minLength, value: "2") @validate(type: matches, value: "[a-z]+") })");
  ASSERT_EQ(all.at(0).fields.size(), 2u);
  const auto& numbers = all[0].fields[0].validations;
  EXPECT_EQ(numbers.at(0).message, "Field n of type A must be greater than 1");
  EXPECT_EQ(numbers.at(1).message, "too much");
  EXPECT_EQ(numbers.at(1).bound, 9);
  const auto& texts = all[0].fields[1].validations;
  EXPECT_EQ(texts.at(0).message, "Field s of type A must have a minimum length of 2");
  EXPECT_EQ(texts.at(1).message, "Field s of type A must match [a-z]+");
  EXPECT_TRUE(texts.at(1).pattern.has_value());
}

TEST(Pattern, MatchesWholeTexts) {
  const auto pattern = Pattern::compile("[a-zäö]+(?=x)x").value();
  EXPECT_TRUE(pattern.matches("äbcx").value());
  EXPECT_FALSE(pattern.matches("1äbcx").value());
  EXPECT_FALSE(pattern.matches("äbcx\n").value());
  EXPECT_FALSE(pattern.matches("").value());
}

TEST(Pattern, SaysWhereAnExpressionIsWrong) {
  const auto made = Pattern::compile("ab(c");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "missing closing parenthesis at character 5");
}

TEST(Pattern, GivesUpOnWhatTakesTooManySteps) {
  const auto pattern = Pattern::compile("(a+)+b?c").value();
  const auto matched = pattern.matches(std::string(5000, 'a'));
  ASSERT_FALSE(matched);
  EXPECT_EQ(matched.error().code, Code::limit_exceeded);
}

TEST(InputRules, WantExpressionsThatCanBeRead) {
  const auto read = read_schema({{"a", R"(type A @model { s: String @validate(type: matches, value: "[a-") })"}});
  const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&read);
  ASSERT_NE(problems, nullptr);
  EXPECT_EQ(problems->at(0).message, "matches value must be a regular expression: missing terminating ] for character "
                                     "class at character 4. Received '[a-' for field 's'");
  EXPECT_THAT(problems->at(0).remedy, HasSubstr("as in value:"));
}

}  // namespace
}  // namespace holdfast::schema
