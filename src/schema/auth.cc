// @auth: who may do what. Reads the rules, checks them as the published transformer does, and adds the owner fields
// that they imply.
#include <algorithm>
#include <set>

#include "schema/access.h"
#include "schema/auth_rules.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using graphql::Directive;
using graphql::Location;

bool is_one_of(AuthProvider provider, std::initializer_list<AuthProvider> allowed) {
  return std::find(allowed.begin(), allowed.end(), provider) != allowed.end();
}

/// The end of the message on a provider that the strategy does not go with; empty when it does.
std::string mismatch(const AuthRule& rule, Dialect dialect) {
  using enum AuthProvider;
  const bool is_v1 = dialect == Dialect::v1;
  const std::string iam_word = is_v1 ? "'iam'" : "'identityPool'";
  switch (rule.allow) {
    case AuthStrategy::groups:
      return is_one_of(rule.provider, {user_pools, oidc}) ? "" : "'userPools' and 'oidc' providers";
    case AuthStrategy::owner:
      return is_one_of(rule.provider, {user_pools, oidc}) ? "" : "'userPools' (default) and 'oidc' providers";
    case AuthStrategy::public_access:
      return is_one_of(rule.provider, {api_key, iam, identity_pool})
                 ? ""
                 : "'apiKey' (default) and " + iam_word + " providers";
    case AuthStrategy::private_access:
      return is_one_of(rule.provider, {user_pools, iam, identity_pool}) || (rule.provider == oidc && !is_v1)
                 ? ""
                 : "'userPools' (default) and " + iam_word + " providers";
    case AuthStrategy::custom: break;
  }
  return rule.provider == function ? "" : "'function' (default) provider";
}

/// How the published message calls what is not configured.
std::string configured_name(AuthMode mode) {
  switch (mode) {
    case AuthMode::api_key: return "API Key";
    case AuthMode::user_pools: return "Cognito User Pools";
    case AuthMode::iam: return "IAM";
    case AuthMode::oidc: return "OPENID_CONNECT";
    default: return "Lambda";
  }
}

class RuleCheck {
 public:
  RuleCheck(Draft& draft, const AuthRule& rule, const AstValue& written) : draft_(draft), rule_(rule), at_(written.at) {
    has_groups_ = graphql::argument(written.fields, "groups") != nullptr &&
                  graphql::argument(written.fields, "groups")->kind != AstValue::Kind::null;
  }

  bool run() { return check_provider() && check_groups() && check_mode() && check_claims(); }

 private:
  bool problem(std::string message, std::string remedy) {
    draft_.problem(at_, std::move(message), std::move(remedy));
    return false;
  }

  bool check_provider() {
    const auto allowed = mismatch(rule_, draft_.dialect);
    if (allowed.empty()) return true;
    const std::string strategy(word(rule_.allow));
    return problem("@auth directive with '" + strategy + "' strategy only supports " + allowed + ", but found '" +
                       std::string(word(rule_.provider)) + "' assigned.",
                   "Leave the provider out, or choose another strategy.");
  }

  bool check_groups() {
    const bool is_groups = rule_.allow == AuthStrategy::groups;
    if (is_groups && !has_groups_ && rule_.groups_field.empty() && draft_.dialect == Dialect::v2) {
      return problem("@auth directive with 'groups' should have a defined groups list or a groupsField.",
                     "Add groups: [\"Admins\"], or groupsField with the name of the field that holds them.");
    }
    return true;
  }

  bool check_mode() {
    const auto mode = mode_of(rule_.provider);
    const auto& modes = draft_.options.modes;
    if (modes.empty() || std::find(modes.begin(), modes.end(), mode) != modes.end()) return true;
    return problem(
        "@auth directive with '" + std::string(word(rule_.provider)) + "' provider found, but the project " +
            "has no " + configured_name(mode) + " authentication provider configured.",
        "Add " + std::string(word(mode)) + " to the modes of the API (--auth), or let the rule use one of them.");
  }

  bool check_claims() {
    const bool is_groups = rule_.allow == AuthStrategy::groups;
    if (is_groups && !rule_.identity_claim.empty()) {
      return problem("@auth identityClaim can only be used for 'allow: owner'", "Write groupClaim, or remove it.");
    }
    if (rule_.allow == AuthStrategy::owner && !rule_.group_claim.empty()) {
      return problem("@auth groupClaim can only be used 'allow: groups'", "Write identityClaim, or remove it.");
    }
    if (has_groups_ && !rule_.groups_field.empty()) {
      return problem("This rule has groupsField and groups, please use one or the other",
                     "Write two rules to let both in.");
    }
    if (is_groups && has_groups_ && rule_.groups.empty() && draft_.dialect == Dialect::v2) {
      return problem("@auth rules using groups cannot have an empty list", "Name a group, or remove the rule.");
    }
    return true;
  }

  Draft& draft_;
  const AuthRule& rule_;
  Location at_;
  bool has_groups_ = false;
};

/// The rules of one @auth, and where each stands.
struct RuleList {
  std::vector<AuthRule> rules = {};
  std::vector<Location> places = {};
};

RuleList read_rules(Draft& draft, const Directive& auth, AuthPlace place, const std::string& name) {
  RuleList list;
  const auto* rules = graphql::argument(auth.arguments, "rules");
  if (rules == nullptr) {
    draft.problem(auth.at,
                  "Directive \"@auth\" argument \"rules\" of type \"[AuthRule!]!\" is required, but it was "
                  "not provided.",
                  "Write @auth(rules: [{ allow: owner }]).");
  } else if (rules->kind == AstValue::Kind::null) {
    draft.problem(rules->at, "Expected value of type \"[AuthRule!]!\", found null.",
                  "Write a list of rules, such as [{ allow: owner }].");
  } else if (rules->items.empty() && draft.dialect == Dialect::v2) {
    draft.problem(auth.at, "@auth on " + name + " does not have any auth rules.",
                  "Write a list with a rule, such as [{ allow: owner }]. Without @auth nobody is let in either.");
  } else {
    for (const auto& item : rules->items) {
      auto rule = read_rule(draft, item, place);
      if (!rule || !RuleCheck(draft, *rule, item).run()) continue;
      list.rules.push_back(std::move(*rule));
      list.places.push_back(item.at);
    }
  }
  return list;
}

/// Two rules for the same callers would contradict each other.
void check_roles(Draft& draft, const std::string& model, const RuleList& list) {
  std::set<std::string> seen;
  for (std::size_t at = 0; at < list.rules.size(); ++at) {
    for (const auto& role : roles_of(list.rules[at])) {
      if (seen.insert(role.name()).second) continue;
      draft.problem(list.places[at], "@auth " + model + ":" + role.name() + " already exists for " + model,
                    "Say in one rule what these callers may do.");
    }
  }
}

AuthPlace place_of(const Draft& draft, const graphql::TypeDefinition& type) {
  if (is_root(type.name)) return AuthPlace::root_field;
  return draft.is_model(type.name) ? AuthPlace::model_field : AuthPlace::plain_field;
}

void note_first(Draft& draft, const Directive& auth) {
  if (!draft.auth.of_types.empty() || !draft.auth.of_fields.empty()) return;
  draft.notice(auth.at, "@auth shapes the API, but the backend does not enforce it yet.",
               "Until it does, whoever may call the API may call all of it.");
}

void read_type(Draft& draft, const graphql::TypeDefinition& type) {
  if (const auto* auth = graphql::directive(type.directives, "auth")) {
    if (!draft.is_model(type.name)) {
      draft.problem(auth->at, "Types annotated with @auth must also be annotated with @model.",
                    "Add @model to " + type.name + ", or write @auth on its fields.");
    } else {
      note_first(draft, *auth);
      auto list = read_rules(draft, *auth, AuthPlace::model, type.name);
      if (draft.dialect == Dialect::v2) check_roles(draft, type.name, list);
      draft.auth.of_types[type.name] = std::move(list.rules);
    }
  }
  for (const auto& field : type.fields) {
    const auto* auth = graphql::directive(field.directives, "auth");
    if (auth == nullptr) continue;
    note_first(draft, *auth);
    auto list = read_rules(draft, *auth, place_of(draft, type), field.name);
    draft.auth.of_fields[{type.name, field.name}] = std::move(list.rules);
  }
}

/// A join model is open to whoever one of its sides lets in.
void read_join(Draft& draft, const ModelSchema& join) {
  std::vector<AuthRule> rules;
  for (const auto& relation : join.relations) {
    const auto side = draft.auth.of_types.find(relation.target);
    if (side != draft.auth.of_types.end()) rules.insert(rules.end(), side->second.begin(), side->second.end());
  }
  if (!rules.empty()) draft.auth.of_types[join.name] = std::move(rules);
}

/// What a device is told of a rule. One that allows nothing is none.
std::vector<RuleSchema> carried(const std::vector<AuthRule>& rules) {
  std::vector<RuleSchema> carried;
  for (const auto& rule : rules) {
    if (rule.has_operations && rule.operation_words.empty()) continue;
    carried.push_back({.allow = rule.allow,
                       .provider = rule.provider,
                       .owner_field = rule.owner_field,
                       .identity_claim = rule.identity_claim,
                       .group_claim = rule.group_claim,
                       .groups = rule.groups,
                       .operations = rule.operation_words});
  }
  return carried;
}

void carry_rules(Draft& draft) {
  for (auto& model : draft.schema.models) {
    const auto rules = draft.auth.of_types.find(model.name);
    if (rules == draft.auth.of_types.end()) continue;
    model.rules = carried(rules->second);
    model.has_public_subscriptions = !has_guarded_subscriptions(draft.type(model.name));
  }
}

void read_sandbox(Draft& draft) {
  const auto* settings = draft.type("AMPLIFY");
  const auto* rule = settings == nullptr ? nullptr : settings->input("globalAuthRule");
  if (rule == nullptr || !rule->default_value) return;
  const auto* allow = graphql::argument(rule->default_value->fields, "allow");
  draft.auth.is_sandbox = allow != nullptr && allow->text == "public";
}

}  // namespace

void read_auth(Draft& draft) {
  read_sandbox(draft);
  for (const auto& type : draft.document.types) {
    if (type.kind == graphql::TypeKind::object) read_type(draft, type);
  }
  for (const auto& model : draft.schema.models) {
    if (model.is_join) read_join(draft, model);
  }
  carry_rules(draft);
}

}  // namespace holdfast::schema
