#include <gmock/gmock.h>

#include "client/auth/testing.h"

namespace holdfast::auth {
namespace {

using testing::published;
using testing::rule;
using testing::text_of;
using testing::texts_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ModelSchema model_with(const std::vector<RuleSchema>& rules) {
  ModelSchema model;
  model.rules = rules;
  return model;
}

std::vector<std::string> names(const std::vector<AuthMode>& modes) {
  std::vector<std::string> words;
  for (const auto mode : modes) words.emplace_back(name(mode));
  return words;
}

// A01: every mix of up to three rules, signed in and out, as the published client answers it.
TEST(MultiAuth, OrdersTheModesAsThePublishedClient) {
  const auto cases = published("multi_auth.json");
  ASSERT_GT(cases.size(), 250u);
  for (const auto& one : cases) {
    const auto& parts = *one.as_list();
    std::vector<RuleSchema> rules;
    for (const auto& word : texts_of(parts[1])) {
      const auto slash = word.find('/');
      rules.push_back(rule(word.substr(0, slash), word.substr(slash + 1)));
    }
    const auto model = model_with(rules);
    EXPECT_EQ(names(multi_auth({model, ModelOperation::read, *parts[0].as_boolean()})), texts_of(parts[2]))
        << json::write(one);
  }
}

// A01
TEST(MultiAuth, AsksOnlyTheRulesThatAreAboutTheOperation) {
  auto owner = rule("owner", "userPools");
  owner.operations = {"create", "update", "delete"};
  auto open = rule("public", "apiKey");
  open.operations = {"read"};
  const auto model = model_with({open, owner});
  EXPECT_THAT(multi_auth({model, ModelOperation::create}), ElementsAre(AuthMode::user_pool));
  EXPECT_THAT(multi_auth({model, ModelOperation::remove}), ElementsAre(AuthMode::user_pool));
  EXPECT_THAT(multi_auth({model, ModelOperation::read}), ElementsAre(AuthMode::api_key));
  EXPECT_THAT(multi_auth({model, ModelOperation::create, false}), IsEmpty());
}

// A01
TEST(MultiAuth, TakesThePartsOfReadForReading) {
  auto open = rule("public", "apiKey");
  open.operations = {"get", "sync", "listen"};
  const auto model = model_with({open});
  EXPECT_THAT(multi_auth({model, ModelOperation::read}), ElementsAre(AuthMode::api_key));
}

}  // namespace
}  // namespace holdfast::auth
