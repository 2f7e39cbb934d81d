#include "graphql/coerce.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view sdl = R"(
scalar Date
enum Colour { RED GREEN }
input Range { min: Int! max: Int = 10 }
input Filter { name: String range: Range ids: [ID!] colour: Colour = RED born: Date score: Float }
type Query { find(filter: Filter, of: Int! = 3, born: Date, matrix: [[Int]], id: ID!): Int }
)";

class Coerce : public ::testing::Test {
 protected:
  std::variant<Object, std::vector<RequestError>> variables(std::string_view document, std::string_view input) {
    document_ = testing::read_document(document);
    return coerce_variables(types_, document_.operations.front(), json::parse(input).value(), scalars_);
  }

  std::string accepted(std::string_view document, std::string_view input) {
    const auto coerced = variables(document, input);
    const auto* object = std::get_if<Object>(&coerced);
    return object ? json::write(Value(*object)) : std::get<1>(coerced).front().message;
  }

  std::vector<std::string> refused(std::string_view document, std::string_view input) {
    const auto coerced = variables(document, input);
    std::vector<std::string> messages;
    if (const auto* errors = std::get_if<1>(&coerced)) {
      for (const auto& error : *errors) messages.push_back(error.message);
    }
    return messages;
  }

  std::string arguments(std::string_view document, const Object& values = {}) {
    document_ = testing::read_document(document);
    const auto coerced = coerce_arguments({types_, scalars_}, *types_.type("Query")->field("find"),
                                          document_.operations.front().selections.front(), values);
    const auto* object = std::get_if<Object>(&coerced);
    return object ? json::write(Value(*object)) : std::get<RequestError>(coerced).message;
  }

  TypeSystem types_ = testing::build_types(sdl);
  testing::PlainScalars scalars_;
  Document document_;
};

TEST_F(Coerce, FillsDefaultsAndLeavesAbsentVariablesAbsent) {
  EXPECT_EQ(accepted("query ($a: Int = 5, $b: Int, $c: Filter) { x }", R"({"c": {"range": {"min": 1}}})"),
            R"({"a":5,"c":{"range":{"min":1,"max":10},"colour":"RED"}})");
  EXPECT_EQ(accepted("query ($a: Int = 5) { x }", R"({"a": null})"), R"({"a":null})");
}

TEST_F(Coerce, PutsSingleValuesIntoLists) {
  EXPECT_EQ(accepted("query ($a: [[Int]], $b: [ID!]) { x }", R"({"a": 1, "b": 7})"), R"({"a":[[1]],"b":["7"]})");
}

TEST_F(Coerce, ReadsTheBuiltInScalarsAsTheSpecificationSays) {
  EXPECT_EQ(
      accepted("query ($a: Int, $b: ID, $c: Boolean, $d: String) { x }", R"({"a": 2.0, "b": 4, "c": false, "d": ""})"),
      R"({"a":2,"b":"4","c":false,"d":""})");
  EXPECT_THAT(
      refused("query ($a: Int, $b: Int, $c: Float, $d: String, $e: Boolean, $f: ID) { x }",
              R"({"a": 1.5, "b": 3000000000, "c": "1", "d": 1, "e": 1, "f": 1.5})"),
      ElementsAre("Variable \"$a\" got invalid value 1.5; Int cannot represent non-integer value: 1.5",
                  "Variable \"$b\" got invalid value 3000000000; Int cannot represent non 32-bit signed integer "
                  "value: 3000000000",
                  "Variable \"$c\" got invalid value \"1\"; Float cannot represent non numeric value: \"1\"",
                  "Variable \"$d\" got invalid value 1; String cannot represent a non string value: 1",
                  "Variable \"$e\" got invalid value 1; Boolean cannot represent a non boolean value: 1",
                  "Variable \"$f\" got invalid value 1.5; ID cannot represent value: 1.5"));
}

TEST_F(Coerce, SaysWhereInAVariableTheProblemStands) {
  EXPECT_THAT(
      refused("query ($f: Filter) { x }",
              R"({"f": {"range": {"min": "x"}, "ids": [true], "colour": "BLUE", "zzz": 1, "born": "bad"}})"),
      ElementsAre("Variable \"$f\" got invalid value \"x\" at \"f.range.min\"; Int cannot represent non-integer "
                  "value: \"x\"",
                  "Variable \"$f\" got invalid value true at \"f.ids[0]\"; ID cannot represent value: true",
                  "Variable \"$f\" got invalid value \"BLUE\" at \"f.colour\"; Value \"BLUE\" does not exist in "
                  "\"Colour\" enum.",
                  "Variable \"$f\" got invalid value \"bad\" at \"f.born\"; Expected type \"Date\". It is bad.",
                  "Variable \"$f\" got invalid value { range: { min: \"x\" }, ids: [true], colour: \"BLUE\", "
                  "zzz: 1, born: \"bad\" }; Field \"zzz\" is not defined by type \"Filter\"."));
}

// Clients recognise this sentence (protocol.md, 1.3).
TEST_F(Coerce, ReportsNullForNonNullInAppSyncsWords) {
  EXPECT_THAT(refused("query ($a: ID!, $b: Int!, $f: Filter) { x }", R"({"a": null, "f": {"range": {"max": 1}}})"),
              ElementsAre("Variable 'a' has coerced Null value for NonNull type 'ID!'",
                          "Variable 'b' has coerced Null value for NonNull type 'Int!'",
                          "Variable 'min' has coerced Null value for NonNull type 'Int!'"));
}

TEST_F(Coerce, StopsAfterFiftyProblems) {
  std::string many = "[";
  for (int i = 0; i < 99; ++i) many += "true, ";
  EXPECT_EQ(refused("query ($a: [ID!]) { x }", R"({"a": )" + many + "true]}").size(), 51U);
}

TEST_F(Coerce, FillsArgumentsFromLiteralsVariablesAndDefaults) {
  EXPECT_EQ(
      arguments("{ find(id: 5, filter: {range: {min: $v}, ids: \"a\"}, matrix: [[1, null], 2]) }", {{"v", Value(7)}}),
      R"({"filter":{"range":{"min":7,"max":10},"ids":["a"],"colour":"RED"},"of":3,"matrix":[[1,null],[2]],"id":"5"})");
  EXPECT_EQ(arguments("{ find(id: \"x\", of: $gone, born: {a: [1, 1.5, RED, $v]}) }", {{"v", Value(true)}}),
            R"({"of":3,"born":{"a":[1,1.5,"RED",true]},"id":"x"})");
}

TEST_F(Coerce, RefusesArgumentsThatHaveNoValue) {
  EXPECT_EQ(arguments("{ find }"), "Argument \"id\" of required type \"ID!\" was not provided.");
  EXPECT_EQ(
      arguments("{ find(id: $v) }"),
      "Argument \"id\" of required type \"ID!\" was provided the variable \"$v\" which was not provided a runtime "
      "value.");
  EXPECT_EQ(arguments("{ find(id: 1, of: $v) }", {{"v", nullptr}}),
            "Argument \"of\" of non-null type \"Int!\" must not be null.");
  EXPECT_EQ(arguments("{ find(id: 1, born: \"bad\") }"), "Expected value of type \"Date\", found \"bad\"; It is bad.");
}

TEST_F(Coerce, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(arguments("{ find(id: 1, filter: {score: 1e-400}) }"), R"({"filter":{"colour":"RED","score":0.0},"of":3,"id":"1"})");
  EXPECT_EQ(arguments("{ find(id: 1, filter: {score: 1e400}) }"), "Float cannot represent non numeric value: 1e400");
  EXPECT_EQ(arguments("{ find(id: 1, born: {a: [1e400]}) }"),
            "Expected value of type \"Date\", found {a: [1e400]}; a number is too large.");
}

}  // namespace
}  // namespace holdfast::graphql
