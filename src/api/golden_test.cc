// The API of annotated schemas is, to the last argument and directive, what the published transformer makes of them.
#include "api/document.h"

#include <gtest/gtest.h>

#include <map>

#include "api/golden_cases.h"
#include "api/sdl_difference.h"
#include "graphql/parser.h"
#include "graphql/printer.h"

namespace holdfast::api {
namespace {

using testing::GoldenCase;

/// Cases that are not equal yet, and why. A case that comes to pass fails until it is taken out of here.
const std::map<std::string, std::string>& waiting() {
  static const std::map<std::string, std::string> cases;
  return cases;
}

class Golden : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(Golden, ApiIsThatOfTheTransformer) {
  const auto& one = GetParam();
  const auto found = waiting().find(one.name);
  const auto ours = document(testing::reading_of(one), testing::settings_of(one).api);
  const auto parsed = graphql::parse_schema(one.text("api.graphql"));
  ASSERT_TRUE(std::holds_alternative<graphql::SchemaDocument>(parsed));
  const auto difference = testing::difference(ours, std::get<graphql::SchemaDocument>(parsed));
  if (found == waiting().end()) {
    EXPECT_TRUE(difference.empty()) << one.name << ":" << difference;
  } else {
    EXPECT_FALSE(difference.empty()) << one.name << " is equal now: take it out of waiting().";
  }
}

TEST_P(Golden, PrintedApiReadsAsTheSame) {
  const auto& one = GetParam();
  const auto ours = document(testing::reading_of(one), testing::settings_of(one).api);
  const auto printed = graphql::print(ours);
  const auto parsed = graphql::parse_schema(printed);
  ASSERT_TRUE(std::holds_alternative<graphql::SchemaDocument>(parsed)) << printed;
  const auto difference = testing::difference(std::get<graphql::SchemaDocument>(parsed), ours);
  EXPECT_TRUE(difference.empty()) << one.name << ":" << difference;
}

INSTANTIATE_TEST_SUITE_P(Transformer, Golden, ::testing::ValuesIn(testing::golden_cases()),
                         [](const auto& one) { return one.param.title(); });

TEST(Golden, CasesAreThere) { EXPECT_GE(testing::golden_cases().size(), 40U); }

}  // namespace
}  // namespace holdfast::api
