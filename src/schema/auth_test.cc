// @auth: what rules become, and which are refused. The texts of refusals begin as those of the published transformer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/access.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using ::testing::ElementsAre;

Reading read(const std::string& text, const ReadOptions& options = {}) {
  const std::vector<graphql::Source> sources = {{"s", text}};
  auto result = read_schema(sources, options);
  if (auto* reading = std::get_if<Reading>(&result)) return std::move(*reading);
  for (const auto& problem : std::get<1>(result)) ADD_FAILURE() << graphql::render(problem, sources);
  return {};
}

std::string problems(const std::string& text, const ReadOptions& options = {}) {
  auto result = read_schema({{"s", text}}, options);
  std::string all;
  if (const auto* found = std::get_if<1>(&result)) {
    for (const auto& one : *found) {
      all += std::to_string(one.at.line) + ":" + std::to_string(one.at.column) + " " + one.message + " | " +
             one.remedy + "\n";
    }
  }
  return all;
}

/// What is wrong with `rules` on a model A.
std::string problems_of(const std::string& rules, const ReadOptions& options = {}) {
  return problems("type A @model\n@auth(rules: " + rules + ") { id: ID! }", options);
}

const std::vector<AuthRule>& rules_of(const Reading& reading, const std::string& type) {
  static const std::vector<AuthRule> none;
  const auto found = reading.written.auth.of_types.find(type);
  return found == reading.written.auth.of_types.end() ? none : found->second;
}

// A device chooses its way to authorize itself by them.
TEST(Auth, CarriesTheRulesOfModelsToDevices) {
  const auto reading = read(
      "type A @model(subscriptions: {level: public}) @auth(rules: [{allow: owner, ownerField: \"author\", identityClaim: "
      "\"sub\"}, {allow: groups, groups: [\"Admin\"], groupClaim: \"roles\", provider: oidc, operations: [read]}, "
      "{allow: public, operations: []}]) { id: ID! author: String }\ntype B @model { id: ID! }");
  const auto& model = *reading.schema.model("A");
  EXPECT_TRUE(model.has_public_subscriptions);
  ASSERT_EQ(model.rules.size(), 2U) << "a rule that allows nothing is none";
  EXPECT_EQ(model.rules[0], (RuleSchema{.allow = AuthStrategy::owner,
                                        .provider = AuthProvider::user_pools,
                                        .owner_field = "author",
                                        .identity_claim = "sub"}));
  EXPECT_EQ(model.rules[1], (RuleSchema{.allow = AuthStrategy::groups,
                                        .provider = AuthProvider::oidc,
                                        .group_claim = "roles",
                                        .groups = {"Admin"},
                                        .operations = {"read"}}));
  EXPECT_TRUE(reading.schema.model("B")->rules.empty());
}

// G07
TEST(Auth, FillsInTheDefaultsOfARule) {
  const auto reading = read(
      "type A @model @auth(rules: [{allow: owner}, {allow: public}, {allow: custom}, {allow: "
      "groups, groups: \"Admin\", operations: [read, delete]}]) { id: ID! }");
  const auto& rules = rules_of(reading, "A");
  ASSERT_EQ(rules.size(), 4U);
  EXPECT_EQ(rules[0].provider, AuthProvider::user_pools);
  EXPECT_EQ(rules[0].owner_field, "owner");
  EXPECT_EQ(rules[0].operations.size(), auth_operation_count);
  EXPECT_FALSE(rules[0].has_operations);
  EXPECT_EQ(rules[1].provider, AuthProvider::api_key);
  EXPECT_EQ(rules[2].provider, AuthProvider::function);
  EXPECT_THAT(rules[3].groups, ElementsAre("Admin"));
  EXPECT_THAT(rules[3].operation_words, ElementsAre("read", "delete"));
  EXPECT_THAT(rules[3].operations, ElementsAre(AuthOperation::remove, AuthOperation::get, AuthOperation::list,
                                               AuthOperation::sync, AuthOperation::listen, AuthOperation::search));
}

// ST40, G08
TEST(Auth, ImpliesOwnerFieldsThatOnlyTheServiceSets) {
  const auto reading = read(
      "type A @model @auth(rules: [{allow: owner}, {allow: owner, ownerField: \"author\"}]) { id: "
      "ID! author: [String] }");
  const auto* owner = reading.schema.models.at(0).field("owner");
  ASSERT_NE(owner, nullptr);
  EXPECT_TRUE(owner->is_implied);
  EXPECT_TRUE(owner->is_read_only);
  EXPECT_FALSE(owner->refuses_null());
  EXPECT_EQ(reading.schema.models.at(0).field_index("owner"), 2U) << "before the timestamps";
  EXPECT_FALSE(reading.schema.models.at(0).field("author")->is_implied);
}

// G03
TEST(Auth, GivesJoinModelsTheRulesOfBothSides) {
  const auto reading = read(
      "type A @model @auth(rules: [{allow: owner}]) { id: ID! b: [B] @manyToMany(relationName: "
      "\"AB\") } type B @model @auth(rules: [{allow: public}]) { id: ID! a: [A] "
      "@manyToMany(relationName: \"AB\") }");
  EXPECT_EQ(rules_of(reading, "AB").size(), 2U);
  EXPECT_NE(reading.schema.model("AB")->field("owner"), nullptr);
}

TEST(Auth, LetsRulesOfAFieldReplaceThoseOfTheModelThere) {
  const auto reading = read(
      "type A @model @auth(rules: [{allow: private}, {allow: owner}]) { id: ID! pay: Int "
      "@auth(rules: [{allow: owner, operations: [read]}]) }");
  const auto table =
      access_table(reading.written.auth, reading.schema.models.at(0), &reading.written.document.types[0]);
  ASSERT_EQ(table.grants.size(), 2U);
  EXPECT_EQ(table.grants[0].role.name(), "userPools:private");
  EXPECT_EQ(table.grants[1].role.name(), "userPools:owner:owner:sub::username");
  EXPECT_TRUE(table.grants[0].fields[0].all());
  EXPECT_TRUE(table.grants[0].fields[1].none());
  EXPECT_EQ(table.grants_for(AuthOperation::get).size(), 2U);
  EXPECT_EQ(table.grants_for(AuthOperation::remove).size(), 0U) << "nobody may delete every field";
}

TEST(Auth, ReadsTheSandboxSwitch) {
  EXPECT_TRUE(read("input AMPLIFY { globalAuthRule: AuthRule = { allow: public } } type A @model { id: ID! }")
                  .written.auth.is_sandbox);
  EXPECT_FALSE(read("type A @model { id: ID! }").written.auth.is_sandbox);
}

TEST(Auth, NoticesThatOwnersMayHandRecordsOver) {
  const auto notices = [](const std::string& text) { return read(text).notices; };
  const auto found = notices("type A @model @auth(rules: [{allow: owner}]) { id: ID! owner: String }");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].message, "@auth shapes the API, but the backend does not enforce it yet.");
  EXPECT_EQ(found[1].message, "Owners may hand over records of A: they may update owner.");
  EXPECT_EQ(notices("type A @model @auth(rules: [{allow: owner}]) { id: ID! }").size(), 1U) << "nobody may write it";
  EXPECT_EQ(notices("type A @model @auth(rules: [{allow: owner}]) { id: ID! owner: String @auth(rules: [{allow: "
                    "owner, operations: [read]}]) }")
                .size(),
            1U);
}

struct Wrong {
  const char* rules;
  const char* problem;
};

const std::vector<Wrong> wrong_rules = {
    {"[]",
     "2:1 @auth on A does not have any auth rules. | Write a list with a rule, such as [{ allow: owner }]. "
     "Without @auth nobody is let in either.\n"},
    {"null",
     "2:14 Expected value of type \"[AuthRule!]!\", found null. | Write a list of rules, such as [{ allow: "
     "owner }].\n"},
    {"[1]", "2:15 Expected value of type \"AuthRule!\", found 1. | Write a rule as { allow: owner }.\n"},
    {"[{provider: oidc}]",
     "2:15 Field \"AuthRule.allow\" of required type \"AuthStrategy!\" was not provided. | Say "
     "whom the rule lets in: allow: owner, groups, private, public or custom.\n"},
    {"[{allow: ownr}]",
     "2:23 Value \"ownr\" does not exist in \"AuthStrategy\" enum. | Did you mean the enum value "
     "\"owner\"?\n"},
    {"[{allow: \"owner\"}]",
     "2:23 Enum \"AuthStrategy\" cannot represent non-enum value: \"owner\". | Did you mean "
     "the enum value \"owner\"?\n"},
    {"[{allow: private, provider: x}]",
     "2:42 Value \"x\" does not exist in \"AuthProvider\" enum. | It is one of "
     "apiKey, userPools, iam, identityPool, oidc and function, without quotes.\n"},
    {"[{allow: owner, ownerFeld: \"x\"}]",
     "2:30 Field \"ownerFeld\" is not defined by type \"AuthRule\". | Did you "
     "mean \"ownerField\"?\n"},
    {"[{allow: owner, queries: [get]}]",
     "2:30 Field \"queries\" is not defined by type \"AuthRule\". | A rule has allow, provider, identityClaim, "
     "groupClaim, ownerField, groupsField, groups and operations.\n"},
    {"[{allow: owner, ownerField: 1}]", "2:42 String cannot represent a non string value: 1 | Write it in quotes.\n"},
    {"[{allow: owner, ownerField: \"a-b\"}]",
     "2:42 The ownerField \"a-b\" is no name that GraphQL takes. | Use "
     "letters, digits and _.\n"},
    {"[{allow: groups, groups: [\"a\", 1]}]",
     "2:45 String cannot represent a non string value: 1 | Write the name of "
     "the group in quotes.\n"},
    {"[{allow: groups, groups: []}]",
     "2:15 @auth rules using groups cannot have an empty list | Name a group, or "
     "remove the rule.\n"},
    {"[{allow: groups}]",
     "2:15 @auth directive with 'groups' should have a defined groups list or a groupsField. | "
     "Add groups: [\"Admins\"], or groupsField with the name of the field that holds them.\n"},
    {"[{allow: groups, groups: [\"a\"], groupsField: \"b\"}]",
     "2:15 This rule has groupsField and groups, please use one or the other | Write two rules to let both in.\n"},
    {"[{allow: groups, groups: [\"a\"], identityClaim: \"b\"}]",
     "2:15 @auth identityClaim can only be used for 'allow: owner' | Write groupClaim, or remove it.\n"},
    {"[{allow: owner, groupClaim: \"b\"}]",
     "2:15 @auth groupClaim can only be used 'allow: groups' | Write identityClaim, or remove it.\n"},
    {"[{allow: owner, operations: read}]",
     "2:42 Argument \"operations\" of a rule must be a list. | Write it in brackets: [create].\n"},
    {"[{allow: owner, operations: [raed]}]",
     "2:43 Value \"raed\" does not exist in \"ModelOperation\" enum. | It is "
     "one of create, update, delete, read, list, get, sync, listen and search, without quotes.\n"},
    {"[{allow: owner, operations: [read, list]}]",
     "2:42 'list' operations are specified in addition to 'read'. Either remove 'read' to limit access only to "
     "'list' "
     "or only keep 'read' to grant all get,list,search,listen,sync access. | read covers them all; remove the one or "
     "the others.\n"},
    {"[{allow: private}, {allow: private}]",
     "2:33 @auth A:userPools:private already exists for A | Say in one rule what these callers may do.\n"},
    {"[{allow: public, provider: iam}, {allow: public, provider: identityPool}]",
     "2:47 @auth A:iam:public already exists for A | Say in one rule what these callers may do.\n"},
    {"[{allow: groups, groups: [\"a\", \"a\"]}]",
     "2:15 @auth A:userPools:staticGroup:a:cognito:groups already exists "
     "for A | Say in one rule what these callers may do.\n"},
    {"[{allow: groups, groups: [\"a\"], provider: apiKey}]",
     "2:15 @auth directive with 'groups' strategy only supports 'userPools' and 'oidc' providers, but found 'apiKey' "
     "assigned. | Leave the provider out, or choose another strategy.\n"},
    {"[{allow: owner, provider: iam}]",
     "2:15 @auth directive with 'owner' strategy only supports 'userPools' (default) and 'oidc' providers, but found "
     "'iam' assigned. | Leave the provider out, or choose another strategy.\n"},
    {"[{allow: private, provider: function}]",
     "2:15 @auth directive with 'private' strategy only supports 'userPools' (default) and 'identityPool' providers, "
     "but found 'function' assigned. | Leave the provider out, or choose another strategy.\n"},
};

TEST(Auth, RefusesRulesThatAreNotSound) {
  for (const auto& one : wrong_rules) EXPECT_EQ(problems_of(one.rules), one.problem) << one.rules;
}

TEST(Auth, RefusesProvidersThatTheApiHasNoModeFor) {
  const ReadOptions keys_only{.modes = {AuthMode::api_key}};
  EXPECT_EQ(problems_of("[{allow: public}]", keys_only), "");
  EXPECT_EQ(problems_of("[{allow: owner}]"), "") << "without modes every provider is there";
  EXPECT_EQ(problems_of("[{allow: owner}]", keys_only),
            "2:15 @auth directive with 'userPools' provider found, but the project has no Cognito User Pools "
            "authentication provider configured. | Add userPools to the modes of the API (--auth), or let the rule use "
            "one of them.\n");
  EXPECT_NE(problems_of("[{allow: private, provider: oidc}]", keys_only).find("no OPENID_CONNECT"), std::string::npos);
  EXPECT_NE(problems_of("[{allow: custom}]", keys_only).find("no Lambda"), std::string::npos);
  EXPECT_NE(problems_of("[{allow: private, provider: iam}]", keys_only).find("no IAM"), std::string::npos);
  EXPECT_NE(problems_of("[{allow: public}]", {.modes = {AuthMode::iam}}).find("no API Key"), std::string::npos);
}

TEST(Auth, RefusesRulesInWrongPlaces) {
  EXPECT_EQ(problems("type A @model { id: ID! } type B @auth(rules: [{allow: public}]) { x: Int }"),
            "1:34 Types annotated with @auth must also be annotated with @model. | Add @model to B, or write @auth on "
            "its fields.\n");
  EXPECT_EQ(
      problems("type A @model @auth { id: ID! }"),
      "1:15 Directive \"@auth\" argument \"rules\" of type \"[AuthRule!]!\" is required, but it was not provided. | "
      "Write @auth(rules: [{ allow: owner }]).\n");
  EXPECT_EQ(problems("type A @model { id: ID! } type Query { a: Int @auth(rules: [{allow: public, operations: "
                     "[create]}]) }"),
            "1:89 @auth rules on fields within Query, Mutation, Subscription cannot specify 'operations' argument as "
            "these rules are already on an operation already. | Remove operations.\n");
  EXPECT_EQ(problems("type A @model { id: ID! b: B } type B { a: Int @auth(rules: [{allow: public, operations: "
                     "[create]}]) }"),
            "1:90 @auth rules on fields within types that does not have @model directive cannot specify 'operations' "
            "argument as there are operations will be generated by the CLI. | Remove operations, or add @model to the "
            "type.\n");
  EXPECT_EQ(problems("type A @model { id: ID! a: Int @auth(rules: [{allow: public, operations: [list]}]) }"),
            "1:74 'list' operation is not allowed at the field level. | A field is only created, updated, deleted or "
            "read: write read.\n");
}

TEST(Auth, RefusesRequiredFieldsThatSomeReadersMayNotRead) {
  const std::string fields = "{ id: ID! name: String! @auth(rules: [{allow: owner}]) }";
  EXPECT_EQ(
      problems("type A @model @auth(rules: [{allow: private}]) " + fields),
      "1:6 When using field-level authorization rules you need to add rules to all of the model's required fields "
      "with at least read permissions. Found model \"A\" with required fields [\"name\"] missing field-level "
      "authorization rules. | Let everyone who may read A read name too, or remove the ! behind their types.\n");
  EXPECT_EQ(problems("type A @model(subscriptions: {level: off}) @auth(rules: [{allow: private}]) " + fields), "");
  EXPECT_EQ(
      problems("type A @model { id: ID! list: [B]! @hasMany @auth(rules: [{allow: owner}]) n: Int } type B @model "
               "{ x: Int }"),
      "1:6 When using field-level authorization rules you need to add rules to all of the model's required fields "
      "with at least read permissions. Found model \"A\" with required fields [\"id\"] missing field-level "
      "authorization rules. | Let everyone who may read A read id too, or remove the ! behind their types.\n");
}

TEST(Auth, FollowsTheOlderDialect) {
  const ReadOptions older{.dialect = Dialect::v1};
  const auto reading = read(
      "type A @model @key(fields: [\"id\"]) @auth(rules: [{allow: owner, queries: [get], mutations: "
      "null}, {allow: owner, operations: null}]) { id: ID! }",
      older);
  EXPECT_THAT(rules_of(reading, "A").at(0).operations, ElementsAre(AuthOperation::get));
  EXPECT_TRUE(rules_of(reading, "A").at(1).operations.empty());
  const std::string keyed = "type A @model @key(fields: [\"id\"])";
  EXPECT_EQ(
      problems(keyed + " { id: ID! a: Int! @auth(rules: [{allow: owner}]) }", older),
      "1:46 Per-field auth on the required field a is not supported with subscriptions. | Make the field optional, "
      "write @auth on A instead, or switch its subscriptions to level off or public.\n");
  EXPECT_EQ(
      problems(keyed + " { id: ID! a: Int @auth(rules: [{allow: owner, queries: [get]}]) }", older),
      "1:91 @auth directives used on field definitions may not specify the 'queries' or 'mutations' arguments. All "
      "@auth directives used on field definitions are performed when the field is resolved and can be thought of "
      "as 'read' operations. | Write operations instead.\n");
  EXPECT_NE(problems(keyed + " @auth(rules: [{allow: private, provider: oidc}]) { id: ID! }", older), "");
}

}  // namespace
}  // namespace holdfast::schema
