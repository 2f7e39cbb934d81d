// Rules of the older dialect (spec/transformer.md section 12). There is no table of roles: every rule speaks for
// itself, relations are marked like operations, and a subscription that only owners may have must name its owner.
#include <algorithm>

#include "api/auth_directives.h"
#include "api/auth_writer.h"
#include "api/build.h"
#include "api/search.h"

namespace holdfast::api {
namespace {

using schema::AuthMode;
using schema::AuthOperation;
using schema::AuthRule;
using schema::AuthStrategy;

using Rules = std::vector<AuthRule>;

// `read` as a whole, which `queries: [get, list]` is not.
constexpr auto read = AuthOperation::sync;

Rules rules_for(const Rules& rules, AuthOperation operation) {
  Rules found;
  for (const auto& rule : rules) {
    const auto& all = rule.operations;
    if (std::find(all.begin(), all.end(), operation) != all.end()) found.push_back(rule);
  }
  return found;
}

Modes modes_of(const Rules& rules) {
  Modes modes;
  for (const auto& rule : rules) modes.insert(schema::mode_of(rule.provider));
  return modes;
}

bool has_any(const Rules& rules, bool (*is_one)(const AuthRule&)) {
  return std::any_of(rules.begin(), rules.end(), is_one);
}

bool is_owner(const AuthRule& rule) { return rule.allow == AuthStrategy::owner; }
bool is_static_group(const AuthRule& rule) { return rule.allow == AuthStrategy::groups && !rule.groups.empty(); }
bool is_for_all(const AuthRule& rule) {
  return rule.allow == AuthStrategy::private_access || rule.allow == AuthStrategy::public_access;
}
bool is_for_all_users(const AuthRule& rule) {
  return is_for_all(rule) && rule.provider == schema::AuthProvider::user_pools;
}

enum class SubscriptionLevel : std::uint8_t { on, open, off };

SubscriptionLevel level_of(const graphql::TypeDefinition& written) {
  const auto* model = graphql::directive(written.directives, "model");
  const auto* names = model == nullptr ? nullptr : graphql::argument(model->arguments, "subscriptions");
  if (names == nullptr) return SubscriptionLevel::on;
  const auto* level = graphql::argument(names->fields, "level");
  if (names->kind == graphql::AstValue::Kind::null || (level != nullptr && level->text == "off")) {
    return SubscriptionLevel::off;
  }
  return level != nullptr && level->text == "public" ? SubscriptionLevel::open : SubscriptionLevel::on;
}

/// The rules of one model and of its fields.
class OlderModelRules {
 public:
  OlderModelRules(const Basis& basis, AuthWriter& writer, const ModelSchema& model,
                  const graphql::TypeDefinition& written)
      : basis_(basis), writer_(writer), model_(model), written_(written) {
    const auto& modes = basis.options.modes;
    has_iam_ = std::find(modes.begin(), modes.end(), AuthMode::iam) != modes.end();
    const auto found = basis.written.auth.of_types.find(model.name);
    if (found != basis.written.auth.of_types.end()) rules_ = &found->second;
  }

  void apply() {
    if (rules_ != nullptr) apply_own(*rules_);
    for (const auto& field : written_.fields) {
      const auto found = basis_.written.auth.of_fields.find({model_.name, field.name});
      if (found != basis_.written.auth.of_fields.end()) apply_field(field.name, found->second);
    }
  }

 private:
  [[nodiscard]] Rules own(AuthOperation operation) const {
    return rules_ == nullptr ? Rules{} : rules_for(*rules_, operation);
  }

  [[nodiscard]] bool lets_default_in(AuthOperation operation) const {
    return modes_of(own(operation)).contains(writer_.default_mode());
  }

  /// Whether the default mode is written beside others. The original answers yes where no rule says anything, too, if
  /// the API has IAM callers.
  [[nodiscard]] bool shows_default(AuthOperation operation) const {
    const bool is_query = operation == AuthOperation::get || operation == AuthOperation::list;
    if (lets_default_in(operation) || (is_query && lets_default_in(read))) return true;
    const bool says_nothing = is_query ? own(read).empty() && own(AuthOperation::list).empty() : own(operation).empty();
    return has_iam_ && says_nothing;
  }

  [[nodiscard]] Modes marks(const Rules& rules, bool with_default = false) const {
    return with_default ? writer_.marks_with_default(modes_of(rules)) : writer_.marks(modes_of(rules));
  }

  void apply_own(const Rules& rules) {
    writer_.mark_nested_with_default(written_, modes_of(rules));
    writer_.mark_type(model_.name, marks(rules));
    mark_operations();
    mark_connections();
    guard_subscriptions();
    keep_from_conditions(rules);
  }

  void mark_operations() {
    const auto& names = model_.operations;
    writer_.mark_operation("Query", names.get, marks(own(AuthOperation::get), shows_default(AuthOperation::get)));
    writer_.mark_operation("Query", names.list, marks(own(AuthOperation::list), shows_default(AuthOperation::list)));
    writer_.mark_operation("Query", names.sync, marks(own(read), shows_default(AuthOperation::list)));
    writer_.mark_operation("Mutation", names.create, marks(own(AuthOperation::create)));
    writer_.mark_operation("Mutation", names.update, marks(own(AuthOperation::update)));
    writer_.mark_operation("Mutation", names.remove, marks(own(AuthOperation::remove)));
    writer_.mark_operation("Query", search_name(basis_, model_), marks(own(read), shows_default(AuthOperation::list)));
    for (const auto& index : model_.indexes) {
      const bool is_marked = index.query_field && !names.list.empty();
      if (is_marked) writer_.mark_operation("Query", *index.query_field, marks(own(read), has_iam_));
    }
  }

  void mark_connections() {
    for (const auto& other : basis_.schema.models) {
      for (const auto& relation : other.relations) {
        if (relation.target == model_.name) writer_.mark_operation(other.name, relation.name, marks(own(read)));
      }
    }
  }

  void guard_subscriptions() {
    const auto rules = own(read);
    if (rules.empty() || level_of(written_) != SubscriptionLevel::on) return;
    const bool has_default = shows_default(AuthOperation::get);
    for (const auto* names :
         {&model_.operations.on_create, &model_.operations.on_update, &model_.operations.on_delete}) {
      for (const auto& name : *names) {
        writer_.mark_field("Subscription", name, marks(rules, has_default));
        if (auto* field = writer_.field("Subscription", name)) ask_for_owner(rules, *field);
      }
    }
  }

  static void ask_for_owner(const Rules& rules, graphql::FieldDefinition& field) {
    if (has_any(rules, is_for_all_users)) return;
    const auto owners = std::count_if(rules.begin(), rules.end(), is_owner);
    const bool is_optional = owners > 1 || has_any(rules, is_static_group) || has_any(rules, is_for_all);
    for (const auto& rule : rules) {
      if (!is_owner(rule) || field.argument(rule.owner_field) != nullptr) continue;
      field.arguments.push_back(input(rule.owner_field, is_optional ? named("String") : required(named("String"))));
    }
  }

  /// A condition must not tell who owns a record.
  void keep_from_conditions(const Rules& rules) {
    auto* condition = writer_.type(basis_.stem(model_) + "ConditionInput");
    if (condition == nullptr) return;
    std::set<std::string> names;
    for (const auto& rule : rules) {
      if (is_owner(rule)) names.insert(rule.owner_field);
      if (rule.allow == AuthStrategy::groups) names.insert(rule.groups_field.empty() ? "groups" : rule.groups_field);
    }
    std::erase_if(condition->inputs, [&](const auto& one) { return names.contains(one.name); });
  }

  void apply_field(const std::string& field, const Rules& rules) {
    const bool is_open = rules_ == nullptr || modes_of(*rules_).contains(writer_.default_mode());
    writer_.mark_type(model_.name, marks(rules, is_open));
    const auto& names = model_.operations;
    const auto readers = rules_for(rules, read);
    const auto creators = rules_for(rules, AuthOperation::create);
    writer_.mark_field(model_.name, field, marks(readers));
    writer_.mark_field(model_.name, field, marks(creators));
    if (!marks(readers).empty()) {
      writer_.mark_operation("Query", names.get, marks(readers, shows_default(AuthOperation::get)));
      writer_.mark_operation("Query", names.list, marks(readers, shows_default(AuthOperation::list)));
    }
    writer_.mark_operation("Mutation", names.create, marks(creators, shows_default(AuthOperation::create)));
    writer_.mark_operation("Mutation", names.update, marks(rules_for(rules, AuthOperation::update)));
    writer_.mark_operation("Mutation", names.remove, marks(rules_for(rules, AuthOperation::remove)));
  }

  const Basis& basis_;
  AuthWriter& writer_;
  const ModelSchema& model_;
  const graphql::TypeDefinition& written_;
  const Rules* rules_ = nullptr;
  bool has_iam_ = false;
};

bool is_root(std::string_view name) { return name == "Query" || name == "Mutation" || name == "Subscription"; }

}  // namespace

void apply_older_auth(const Basis& basis, graphql::SchemaDocument& document) {
  AuthWriter writer(basis, document);
  for (const auto& written : basis.written.document.types) {
    const auto* model = basis.schema.model(written.name);
    if (model != nullptr) OlderModelRules(basis, writer, *model, written).apply();
  }
  for (const auto& [place, rules] : basis.written.auth.of_fields) {
    const auto& [type, field] = place;
    if (basis.is_model(type)) continue;
    writer.mark_field(type, field, writer.marks(modes_of(rules)));
    if (!is_root(type)) writer.mark_type(type, writer.marks_with_default(modes_of(rules)));
  }
}

}  // namespace holdfast::api
