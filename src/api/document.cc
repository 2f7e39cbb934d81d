#include "api/document.h"

#include <iterator>
#include <set>
#include <utility>

#include "api/auth_directives.h"
#include "api/build.h"
#include "api/model_inputs.h"
#include "api/operations.h"
#include "api/operator_inputs.h"
#include "api/sort_key.h"

namespace holdfast::api {
namespace {

/// Collects types, each name once.
class Types {
 public:
  void add(graphql::TypeDefinition type) {
    if (names_.insert(type.name).second) types_.push_back(std::move(type));
  }
  void add(std::vector<graphql::TypeDefinition> types) {
    for (auto& type : types) add(std::move(type));
  }
  std::vector<graphql::TypeDefinition> take() { return std::move(types_); }

 private:
  std::vector<graphql::TypeDefinition> types_;
  std::set<std::string> names_;
};

bool is_has_many_target(const Schema& schema, const ModelSchema& model) {
  for (const auto& other : schema.models) {
    for (const auto& relation : other.relations) {
      if (relation.kind == RelationKind::has_many && relation.target == model.name) return true;
    }
  }
  return false;
}

bool has_pages(const Schema& schema, const ModelSchema& model, const Options& options) {
  if (!model.operations.list.empty() || is_has_many_target(schema, model)) return true;
  if (options.is_versioned && !model.operations.sync.empty()) return true;
  for (const auto& index : model.indexes) {
    if (index.query_field) return true;
  }
  return false;
}

void add_enums_and_embedded(const Schema& schema, Types& types) {
  for (const auto& each : schema.enums) {
    auto type = enum_type(each.name, each.values);
    type.description = each.description;
    types.add(std::move(type));
  }
  for (const auto& each : schema.embedded) {
    auto object = object_type(each.name, {});
    object.description = each.description;
    auto inputs = input_type(each.name + "Input", {});
    for (const auto& member : each.fields) {
      const bool is_nested = member.kind == FieldKind::embedded;
      object.fields.push_back(field(member.name, type_of(member)));
      object.fields.back().description = member.description;
      inputs.inputs.push_back(
          input(member.name, type_of(member, is_nested ? member.type_name + "Input" : element_name(member))));
    }
    types.add(std::move(object));
    types.add(std::move(inputs));
  }
}

void add_sort_keys(const Schema& schema, const ModelSchema& model, Types& types) {
  const bool has_list = !model.operations.list.empty();
  if (const auto key = primary_sort_key(model); key && has_list) types.add(sort_key_types(model, *key));
  for (const auto& index : model.indexes) {
    const auto key = index_sort_key(model, index);
    if (key && index.query_field) types.add(sort_key_types(model, *key));
  }
  for (const auto& relation : model.relations) {
    if (relation.kind != RelationKind::has_many) continue;
    const auto& target = *schema.model(relation.target);
    if (const auto key = relation_sort_key(target, relation)) types.add(sort_key_types(target, *key));
  }
}

void add_model(const Schema& schema, const ModelSchema& model, const Options& options, Types& types) {
  types.add(model_type(schema, model, options));
  const auto& names = model.operations;
  const bool has_mutation = !names.create.empty() || !names.update.empty() || !names.remove.empty();
  const bool has_page = has_pages(schema, model, options);
  if (has_page) {
    types.add(connection_type(model, options));
    types.add(filter_input(model, options));
  }
  if (!names.create.empty()) types.add(create_input(model, options));
  if (!names.update.empty()) types.add(update_input(model, options));
  if (!names.remove.empty()) types.add(delete_input(model, options));
  if (has_mutation) types.add(condition_input(model, options));
  if (has_page || has_mutation) types.add(enum_operator_inputs(model));
  if (!subscription_fields(model).empty()) types.add(subscription_filter_input(schema, model, options));
  add_sort_keys(schema, model, types);
}

template <class Make>
graphql::TypeDefinition root(const char* name, const Schema& schema, Make make) {
  auto type = object_type(name, {});
  for (const auto& model : schema.models) {
    auto fields = make(model);
    std::move(fields.begin(), fields.end(), std::back_inserter(type.fields));
  }
  return type;
}

}  // namespace

std::optional<schema::AuthMode> auth_mode_named(std::string_view word) noexcept {
  using schema::AuthMode;
  if (word == "apiKey") return AuthMode::api_key;
  if (word == "userPools") return AuthMode::user_pools;
  if (word == "iam") return AuthMode::iam;
  if (word == "oidc") return AuthMode::oidc;
  if (word == "lambda") return AuthMode::lambda;
  return std::nullopt;
}

graphql::SchemaDocument document(const schema::Reading& reading, const Options& options) {
  const auto& schema = reading.schema;
  Types types;
  graphql::SchemaDefinition roots;
  const auto add_root = [&](graphql::TypeDefinition type, std::string& name) {
    if (type.fields.empty()) return;
    name = type.name;
    types.add(std::move(type));
  };
  add_root(root("Query", schema, [&](const ModelSchema& model) { return query_fields(model, options); }), roots.query);
  add_root(root("Mutation", schema, mutation_fields), roots.mutation);
  add_root(root("Subscription", schema, subscription_fields), roots.subscription);
  for (const auto& model : schema.models) add_model(schema, model, options, types);
  add_enums_and_embedded(schema, types);
  types.add(fixed_types());
  graphql::SchemaDocument document;
  document.schemas.push_back(std::move(roots));
  document.types = types.take();
  apply_auth(reading, options, document);
  return document;
}

graphql::SchemaDocument document(const Schema& schema, const Options& options) {
  return document(schema::Reading{schema, {}, {}}, options);
}

}  // namespace holdfast::api
