#include "schema/auth_rules.h"

#include <algorithm>

#include "graphql/printer.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using Kind = AstValue::Kind;

/// The words of an enumeration up to its last value.
template <class Enum>
std::vector<std::string> words_to(Enum last) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= static_cast<std::size_t>(last); ++at) words.emplace_back(word(static_cast<Enum>(at)));
  return words;
}

std::size_t place_of(const std::string& word, const std::vector<std::string>& all) {
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), word) - all.begin());
}

AuthProvider default_provider(AuthStrategy strategy) {
  switch (strategy) {
    case AuthStrategy::public_access: return AuthProvider::api_key;
    case AuthStrategy::custom: return AuthProvider::function;
    default: return AuthProvider::user_pools;
  }
}

std::vector<std::string> member_names(Dialect dialect) {
  std::vector<std::string> names = {"allow",      "provider",    "identityClaim", "groupClaim",
                                    "ownerField", "groupsField", "groups",        "operations"};
  if (dialect == Dialect::v1) names.insert(names.end(), {"identityField", "queries", "mutations"});
  return names;
}

void read_strategy(RuleMembers& members, AuthRule& rule) {
  const auto* allow = members.find("allow");
  if (allow == nullptr) {
    return members.problem(members.written(),
                           "Field \"AuthRule.allow\" of required type \"AuthStrategy!\" was not provided.",
                           "Say whom the rule lets in: allow: owner, groups, private, public or custom.");
  }
  const bool is_v1 = members.dialect() == Dialect::v1;
  const auto strategies = words_to(is_v1 ? AuthStrategy::public_access : AuthStrategy::custom);
  const auto providers = words_to(AuthProvider::function);
  const auto strategy = members.word(*allow, "AuthStrategy", strategies);
  if (strategy.empty()) return;
  rule.allow = static_cast<AuthStrategy>(place_of(strategy, strategies));
  rule.provider = default_provider(rule.allow);
  const auto* written = members.find("provider");
  const auto provider = written == nullptr ? std::string() : members.word(*written, "AuthProvider", providers);
  if (!provider.empty()) rule.provider = static_cast<AuthProvider>(place_of(provider, providers));
}

void read_owner(RuleMembers& members, AuthRule& rule) {
  const auto field = members.text("ownerField");
  if (rule.allow != AuthStrategy::owner) return;
  rule.owner_field = field.empty() ? "owner" : field;
  if (is_graphql_name(rule.owner_field)) return;
  members.problem(*members.find("ownerField"), "The ownerField \"" + field + "\" is no name that GraphQL takes.",
                  "Use letters, digits and _.");
}

void read_groups(RuleMembers& members, AuthRule& rule) {
  const auto* value = members.find("groups");
  if (value == nullptr) return;
  const std::vector<AstValue> one = {*value};
  for (const auto& group : value->kind == Kind::list ? value->items : one) {
    if (group.kind == Kind::string) {
      rule.groups.push_back(group.text);
    } else if (group.kind != Kind::null) {
      members.problem(group, "String cannot represent a non string value: " + graphql::print(group),
                      "Write the name of the group in quotes.");
    }
  }
}

}  // namespace

void RuleMembers::problem(const AstValue& at, std::string message, std::string remedy) {
  is_sound_ = false;
  draft_.problem(at.at, std::move(message), std::move(remedy));
}

void RuleMembers::check_names(const std::vector<std::string>& known) {
  for (const auto& member : written_.fields) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    is_sound_ = false;
    const auto near = nearest(member.name, known);
    draft_.problem(member.at, "Field \"" + member.name + "\" is not defined by type \"AuthRule\".",
                   near.empty() ? "A rule has " + listed(known) + "." : "Did you mean \"" + near + "\"?");
  }
}

const AstValue* RuleMembers::find(std::string_view name) const noexcept {
  const auto* value = graphql::argument(written_.fields, name);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

std::string RuleMembers::text(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr || value->kind == Kind::string) return value == nullptr ? std::string() : value->text;
  problem(*value, "String cannot represent a non string value: " + graphql::print(*value), "Write it in quotes.");
  return {};
}

std::string RuleMembers::word(const AstValue& value, const std::string& type, const std::vector<std::string>& known) {
  const bool is_word = value.kind == Kind::enumeration;
  if (is_word && std::find(known.begin(), known.end(), value.text) != known.end()) return value.text;
  const auto near = nearest(value.text, known);
  problem(value,
          is_word ? "Value \"" + value.text + "\" does not exist in \"" + type + "\" enum."
                  : "Enum \"" + type + "\" cannot represent non-enum value: " + graphql::print(value) + ".",
          near.empty() ? "It is one of " + listed(known) + ", without quotes."
                       : "Did you mean the enum value \"" + near + "\"?");
  return {};
}

std::optional<std::vector<std::string>> RuleMembers::words(std::string_view name, const std::string& type,
                                                           const std::vector<std::string>& known) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string> all;
  if (value->kind != Kind::list) {
    problem(*value, "Argument \"" + std::string(name) + "\" of a rule must be a list.",
            "Write it in brackets: [" + known.front() + "].");
  }
  for (const auto& item : value->items) {
    if (item.kind != Kind::null) all.push_back(word(item, type, known));
  }
  return all;
}

std::optional<AuthRule> read_rule(Draft& draft, const AstValue& written, AuthPlace place) {
  RuleMembers members(draft, written);
  if (written.kind != Kind::object) {
    members.problem(written, "Expected value of type \"AuthRule!\", found " + graphql::print(written) + ".",
                    "Write a rule as { allow: owner }.");
    return std::nullopt;
  }
  AuthRule rule;
  members.check_names(member_names(draft.dialect));
  read_strategy(members, rule);
  rule.identity_claim = members.text("identityClaim");
  rule.group_claim = members.text("groupClaim");
  rule.groups_field = members.text("groupsField");
  read_owner(members, rule);
  read_groups(members, rule);
  read_operations(members, place, rule);
  if (!members.is_sound()) return std::nullopt;
  return rule;
}

}  // namespace holdfast::schema
