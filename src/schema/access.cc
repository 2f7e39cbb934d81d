#include "schema/access.h"

#include <algorithm>

namespace holdfast::schema {
namespace {

constexpr std::string_view default_owner_claim = "sub::username";
constexpr std::string_view default_group_claim = "cognito:groups";

std::string text_or(const std::string& text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : text;
}

class TableMaker {
 public:
  TableMaker(AccessTable& table, bool is_join) : table_(table), is_join_(is_join) {}

  void grant_all(const AuthRule& rule) {
    for (auto& role : roles_of(rule)) {
      const auto [grant, is_new] = grant_of(std::move(role));
      if (is_new || is_join_) grant->fields.assign(table_.fields.size(), operations_of(rule));
    }
  }
  void grant_field(std::size_t at, const AuthRule& rule) {
    for (auto& role : roles_of(rule)) grant_of(std::move(role)).first->fields[at] = operations_of(rule);
  }
  void reset_field(std::size_t at) {
    for (auto& grant : table_.grants) grant.fields[at].reset();
  }

 private:
  std::pair<Grant*, bool> grant_of(AuthRole role) {
    const auto name = role.name();
    for (auto& grant : table_.grants) {
      if (grant.role.name() == name) return {&grant, false};
    }
    table_.grants.push_back({std::move(role), std::vector<OperationSet>(table_.fields.size())});
    return {&table_.grants.back(), true};
  }

  AccessTable& table_;
  bool is_join_;
};

std::vector<std::string> field_names(const ModelSchema& model, const graphql::TypeDefinition* written) {
  std::vector<std::string> names;
  if (written != nullptr) {
    for (const auto& field : written->fields) names.push_back(field.name);
  } else {
    for (const auto& field : model.fields) {
      if (!field.is_read_only) names.push_back(field.name);
    }
    for (const auto& relation : model.relations) names.push_back(relation.name);
  }
  return names;
}

}  // namespace

std::string AuthRole::name() const {
  // Callers of both spellings of IAM are the same.
  const std::string by(mode_of(provider) == AuthMode::iam ? "iam" : word(provider));
  if (is_dynamic) return by + (allow == AuthStrategy::owner ? ":owner:" : ":dynamicGroup:") + entity + ":" + claim;
  if (!entity.empty()) return by + ":staticGroup:" + entity + ":" + claim;
  return by + ":" + std::string(word(allow));
}

std::vector<AuthRole> roles_of(const AuthRule& rule) {
  const AuthRole plain{.allow = rule.allow, .provider = rule.provider};
  const bool has_claims = rule.provider == AuthProvider::user_pools || rule.provider == AuthProvider::oidc;
  if (!rule.groups.empty() && rule.groups_field.empty()) {
    std::vector<AuthRole> roles(rule.groups.size(), plain);
    for (std::size_t at = 0; at < roles.size(); ++at) {
      roles[at].entity = rule.groups[at];
      roles[at].claim = text_or(rule.group_claim, default_group_claim);
    }
    return roles;
  }
  auto role = plain;
  if (has_claims && rule.allow == AuthStrategy::owner) {
    role.is_dynamic = true;
    role.entity = rule.owner_field;
    role.claim = text_or(rule.identity_claim, default_owner_claim);
  } else if (has_claims && rule.allow == AuthStrategy::groups) {
    role.is_dynamic = true;
    role.entity = rule.groups_field;
    role.claim = text_or(rule.group_claim, default_group_claim);
  }
  return {role};
}

OperationSet operations_of(const AuthRule& rule) {
  OperationSet set;
  for (const auto operation : rule.operations) set.set(static_cast<std::size_t>(operation));
  return set;
}

bool Grant::may_with_some(AuthOperation operation) const noexcept {
  return std::any_of(fields.begin(), fields.end(),
                     [operation](const OperationSet& set) { return set[static_cast<std::size_t>(operation)]; });
}

bool Grant::may_with_all(AuthOperation operation) const noexcept {
  return std::all_of(fields.begin(), fields.end(),
                     [operation](const OperationSet& set) { return set[static_cast<std::size_t>(operation)]; });
}

std::vector<const Grant*> AccessTable::grants_for(AuthOperation operation) const {
  std::vector<const Grant*> found;
  for (const auto& grant : grants) {
    const bool may =
        operation == AuthOperation::remove ? grant.may_with_all(operation) : grant.may_with_some(operation);
    if (may) found.push_back(&grant);
  }
  return found;
}

AccessTable access_table(const AuthRules& rules, const ModelSchema& model, const graphql::TypeDefinition* written) {
  AccessTable table{.fields = field_names(model, written)};
  TableMaker maker(table, model.is_join);
  if (const auto own = rules.of_types.find(model.name); own != rules.of_types.end()) {
    for (const auto& rule : own->second) maker.grant_all(rule);
  }
  for (std::size_t at = 0; at < table.fields.size(); ++at) {
    const auto found = rules.of_fields.find({model.name, table.fields[at]});
    if (found == rules.of_fields.end()) continue;
    maker.reset_field(at);
    for (const auto& rule : found->second) maker.grant_field(at, rule);
  }
  return table;
}

bool has_guarded_subscriptions(const graphql::TypeDefinition* written) noexcept {
  const auto* model = written == nullptr ? nullptr : graphql::directive(written->directives, "model");
  const auto* names = model == nullptr ? nullptr : graphql::argument(model->arguments, "subscriptions");
  const auto* level = names == nullptr ? nullptr : graphql::argument(names->fields, "level");
  return level == nullptr || level->text == "on" || level->kind == graphql::AstValue::Kind::null;
}

}  // namespace holdfast::schema
