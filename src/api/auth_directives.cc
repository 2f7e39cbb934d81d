#include "api/auth_directives.h"

#include <algorithm>
#include <array>

#include "api/auth_writer.h"
#include "api/build.h"
#include "api/search.h"
#include "schema/access.h"

namespace holdfast::api {
namespace {

using schema::AccessTable;
using schema::AuthMode;
using schema::AuthOperation;
using schema::AuthStrategy;

constexpr std::array<std::string_view, 4> aggregate_types = {
    "SearchableAggregateResult", "SearchableAggregateScalarResult", "SearchableAggregateBucketResult",
    "SearchableAggregateBucketResultItem"};

std::vector<std::string> subscription_names(const ModelSchema& model) {
  std::vector<std::string> all;
  for (const auto* names : {&model.operations.on_create, &model.operations.on_update, &model.operations.on_delete}) {
    all.insert(all.end(), names->begin(), names->end());
  }
  return all;
}

Modes modes_of(const std::vector<const schema::Grant*>& grants) {
  Modes modes;
  for (const auto* grant : grants) modes.insert(schema::mode_of(grant->role.provider));
  return modes;
}

bool has_input(const graphql::TypeDefinition& type, const std::string& name) { return type.input(name) != nullptr; }

/// What the rules of one model make of its part of the API.
class ModelRules {
 public:
  ModelRules(AuthWriter& writer, const Basis& basis, const ModelSchema& model, AccessTable table)
      : writer_(writer), basis_(basis), model_(model), written_(basis.type(model.name)), table_(std::move(table)) {}

  void apply() {
    filter_by_owner();
    writer_.mark_type(model_.name, writer_.marks(modes()));
    mark_operations();
    if (schema::has_guarded_subscriptions(written_)) guard_subscriptions();
    if (const auto* type = writer_.type(model_.name)) writer_.mark_nested(*type, modes());
  }

  [[nodiscard]] Modes modes() const {
    Modes all;
    for (const auto& grant : table_.grants) all.insert(schema::mode_of(grant.role.provider));
    return all;
  }

 private:
  [[nodiscard]] Modes marks_for(AuthOperation operation) const {
    return writer_.marks(modes_of(table_.grants_for(operation)));
  }

  /// Owners can be filtered by in every filter; what decides about a subscriber's view cannot be asked for otherwise.
  void filter_by_owner() {
    auto* subscribed = writer_.type(subscription_filter_name(model_));
    for (const auto& grant : table_.grants) {
      if (subscribed == nullptr || !grant.role.is_dynamic) continue;
      std::erase_if(subscribed->inputs, [&](const auto& one) { return one.name == grant.role.entity; });
    }
    auto* filter = writer_.type(basis_.stem(model_) + "FilterInput");
    auto* condition = writer_.type(basis_.stem(model_) + "ConditionInput");
    for (const auto& grant : table_.grants) {
      if (grant.role.allow != AuthStrategy::owner) continue;
      for (auto* type : {filter, condition, subscribed}) {
        if (type == nullptr || has_input(*type, grant.role.entity)) continue;
        type->inputs.push_back(input(grant.role.entity, named("ModelStringInput")));
      }
    }
  }

  void mark_operations() {
    const auto& names = model_.operations;
    writer_.mark_operation("Query", names.get, marks_for(AuthOperation::get));
    writer_.mark_operation("Query", names.list, marks_for(AuthOperation::list));
    writer_.mark_operation("Query", names.sync, marks_for(AuthOperation::sync));
    writer_.mark_operation("Mutation", names.create, marks_for(AuthOperation::create));
    writer_.mark_operation("Mutation", names.update, marks_for(AuthOperation::update));
    writer_.mark_operation("Mutation", names.remove, marks_for(AuthOperation::remove));
    for (const auto& index : model_.indexes) {
      if (!index.query_field) continue;
      writer_.mark_operation("Query", *index.query_field, marks_for(AuthOperation::list));
      writer_.mark_operation("Query", *index.query_field, marks_for(AuthOperation::get));
    }
    writer_.mark_operation("Query", search_name(basis_, model_), marks_for(AuthOperation::search));
  }

  [[nodiscard]] bool is_list(const std::string& field) const {
    const auto* found = writer_.field(model_.name, field);
    return found != nullptr && found->type.is_list();
  }

  void guard_subscriptions() {
    const auto listeners = table_.grants_for(AuthOperation::listen);
    for (const auto& name : subscription_names(model_)) {
      writer_.mark_operation("Subscription", name, writer_.marks(modes_of(listeners)));
      auto* field = writer_.field("Subscription", name);
      if (field == nullptr) continue;
      for (const auto* grant : listeners) {
        const auto& role = grant->role;
        if (role.allow != AuthStrategy::owner || is_list(role.entity)) continue;
        if (field->argument(role.entity) == nullptr) field->arguments.push_back(input(role.entity, named("String")));
      }
    }
  }

  AuthWriter& writer_;
  const Basis& basis_;
  const ModelSchema& model_;
  const graphql::TypeDefinition* written_;
  AccessTable table_;
};

/// `globalAuthRule: {allow: public}`: models without rules are open to API keys, what the author resolves to IAM.
class Sandbox {
 public:
  Sandbox(AuthWriter& writer, const Basis& basis) : writer_(writer), basis_(basis) {}

  void apply() {
    open_to_iam();
    if (writer_.default_mode() == AuthMode::api_key) return;
    for (const auto& model : basis_.schema.models) {
      if (!basis_.written.auth.of_types.contains(model.name)) open_to_keys(model);
    }
    const bool has_search = writer_.type(aggregate_types.front()) != nullptr;
    for (const auto name : aggregate_types) {
      if (has_search) writer_.mark_type(name, keys);
    }
  }

 private:
  inline static const Modes keys = {AuthMode::api_key};

  void open_to_iam() {
    for (const auto& type : basis_.written.document.types) {
      if (type.kind != graphql::TypeKind::object || basis_.schema.model(type.name) != nullptr) continue;
      writer_.mark_type(type.name, {AuthMode::iam});
      if (type.name != "Query" && type.name != "Mutation" && type.name != "Subscription") continue;
      for (const auto& field : type.fields) writer_.mark_field(type.name, field.name, {AuthMode::iam});
    }
  }

  void open_to_keys(const ModelSchema& model) {
    writer_.mark_type(model.name, keys);
    const auto* written = basis_.type(model.name);
    if (written != nullptr) writer_.mark_all_nested(*written, keys);
    const auto& names = model.operations;
    for (const auto* name : {&names.get, &names.list, &names.sync}) writer_.mark_operation("Query", *name, keys);
    for (const auto* name : {&names.create, &names.update, &names.remove}) {
      writer_.mark_operation("Mutation", *name, keys);
    }
    for (const auto& name : subscription_names(model)) writer_.mark_operation("Subscription", name, keys);
    for (const auto& index : model.indexes) writer_.mark_field("Query", index.query_field.value_or(""), keys);
    writer_.mark_field("Query", search_name(basis_, model), keys);
  }

  AuthWriter& writer_;
  const Basis& basis_;
};

/// Rules that ask for the record behind a field say nothing of fields without one.
Modes modes_without_record(const std::vector<schema::AuthRule>& rules) {
  Modes modes;
  for (const auto& rule : rules) {
    if (rule.allow != AuthStrategy::owner && rule.groups_field.empty()) modes.insert(schema::mode_of(rule.provider));
  }
  return modes;
}

}  // namespace

void apply_auth(const Basis& basis, graphql::SchemaDocument& document) {
  if (basis.is_v1()) return apply_older_auth(basis, document);
  const auto& rules = basis.written.auth;
  AuthWriter writer(basis, document);
  if (rules.is_sandbox) Sandbox(writer, basis).apply();
  Modes searchers;
  for (const auto& model : basis.schema.models) {
    const auto* type = basis.type(model.name);
    auto table = access_table(rules, model, type);
    if (table.grants.empty()) continue;
    ModelRules part(writer, basis, model, std::move(table));
    part.apply();
    if (!search_name(basis, model).empty()) searchers.merge(part.modes());
  }
  for (const auto name : aggregate_types) writer.mark_type(name, writer.marks(searchers));
  for (const auto& [place, list] : rules.of_fields) {
    const auto& [type, field] = place;
    if (basis.is_model(type)) continue;
    writer.mark_field(type, field, writer.marks(modes_without_record(list)));
  }
}

}  // namespace holdfast::api
