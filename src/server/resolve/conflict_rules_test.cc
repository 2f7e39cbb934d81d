// Which rules a backend takes, and which of them a model follows.
#include "server/resolve/conflict_rules.h"

#include <gmock/gmock.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using ::testing::HasSubstr;
using testing::schema_of;

constexpr const char* models = "type Post @model { id: ID! } type Note @model { id: ID! }";

std::string complaint(const ServerOptions& options, bool has_functions = true) {
  const auto schema = schema_of(models);
  const auto sound = check_rules(schema, options, has_functions);
  if (sound) return "";
  EXPECT_EQ(sound.error().code, Code::invalid_argument);
  return sound.error().message;
}

TEST(ConflictRules, AModelFollowsItsOwnRuleOrTheProjects) {
  const auto schema = schema_of(models);
  ServerOptions options;
  options.conflict = ConflictStrategy::custom;
  options.conflict_function = "settle";
  options.model_conflicts["Note"] = {.strategy = ConflictStrategy::optimistic};
  EXPECT_EQ(rule_of(options, schema.models[0]), (ConflictRule{ConflictStrategy::custom, "settle"}));
  EXPECT_EQ(rule_of(options, schema.models[1]), ConflictRule{ConflictStrategy::optimistic});
  EXPECT_EQ(complaint(options), "");
}

TEST(ConflictRules, ThatCannotHoldAreRefusedWithARemedy) {
  EXPECT_THAT(complaint({.conflict = ConflictStrategy::custom}), HasSubstr("needs the name of a function"));
  EXPECT_THAT(complaint({.conflict_function = "settle"}), HasSubstr("never asked by the strategy automerge"));
  EXPECT_THAT(complaint({.conflict = ConflictStrategy::custom, .conflict_function = "settle"}, false),
              HasSubstr("the function settle cannot be called"));
  EXPECT_THAT(complaint({.model_conflicts = {{"Nothing", {}}}}), HasSubstr("conflicts of Nothing: the schema has no such model"));
  EXPECT_THAT(complaint({.model_conflicts = {{"Note", {.strategy = ConflictStrategy::none}}}}),
              HasSubstr("conflicts of Note: records have versions in all models or in none"));
  EXPECT_THAT(complaint({.conflict = ConflictStrategy::none, .model_conflicts = {{"Note", {}}}}),
              HasSubstr("in all models or in none"));
  EXPECT_THAT(complaint({.model_conflicts = {{"Note", {.strategy = ConflictStrategy::custom}}}}),
              HasSubstr("conflicts of Note: a custom strategy needs the name"));
}

}  // namespace
}  // namespace holdfast::server
