#include "api/document.h"

#include <algorithm>
#include <utility>

#include "api/auth_directives.h"
#include "api/basis.h"
#include "api/build.h"
#include "api/definitions.h"
#include "api/model_inputs.h"
#include "api/operations.h"
#include "api/operator_inputs.h"
#include "api/own_types.h"
#include "api/search.h"
#include "api/sort_key.h"

namespace holdfast::api {
namespace {

void add_sort_keys(const Basis& basis, const ModelSchema& model, Definitions& definitions) {
  if (const auto key = primary_sort_key(model)) definitions.add(sort_key_types(model, *key));
  for (const auto& index : model.indexes) {
    if (const auto key = index_sort_key(model, index)) definitions.add(sort_key_types(model, *key));
  }
  for (const auto& relation : model.relations) {
    if (relation.kind != RelationKind::has_many) continue;
    const auto key = relation_sort_key(basis, model, relation);
    if (key) definitions.add(sort_key_types(*basis.schema.model(relation.target), *key));
  }
}

void add_model(const Basis& basis, const ModelSchema& model, Definitions& definitions) {
  definitions.add(model_type(basis, model, definitions));
  const auto& names = model.operations;
  const bool has_mutation = !names.create.empty() || !names.update.empty() || !names.remove.empty();
  const bool has_page = !names.list.empty() || (basis.options.is_versioned && !names.sync.empty());
  if (has_page) {
    definitions.add(connection_type(basis, model));
    definitions.add(filter_input(basis, model));
  }
  if (!names.create.empty()) definitions.add(create_input(basis, model));
  if (!names.update.empty()) definitions.add(update_input(basis, model));
  if (!names.remove.empty()) definitions.add(delete_input(basis, model));
  if (has_mutation) definitions.add(condition_input(basis, model));
  if (has_page || has_mutation) definitions.add(enum_operator_inputs(basis, model));
  if (!basis.is_v1() && !subscription_fields(basis, model).empty()) {
    definitions.add(subscription_filter_input(basis, model));
  }
  add_sort_keys(basis, model, definitions);
}

void add_related(const Basis& basis, const ModelSchema& model, bool is_relation, Definitions& definitions) {
  definitions.add(related_connection_type(model));
  definitions.add(related_filter_input(basis, model, is_relation));
  definitions.add(enum_operator_inputs(basis, model));
}

/// What index queries and relations need of models without pages of their own. Indexes come first, as in the original.
void add_all_related(const Basis& basis, Definitions& definitions) {
  for (const auto& model : basis.schema.models) {
    const bool has_query = std::any_of(model.indexes.begin(), model.indexes.end(),
                                       [](const IndexSchema& index) { return index.query_field.has_value(); });
    if (has_query) add_related(basis, model, false, definitions);
  }
  for (const auto& model : basis.schema.models) {
    for (const auto& relation : model.relations) {
      if (relation.kind != RelationKind::has_many) continue;
      add_related(basis, *basis.schema.model(relation.target), true, definitions);
    }
  }
}

using MakeFields = std::vector<graphql::FieldDefinition> (*)(const Basis&, const ModelSchema&);

graphql::TypeDefinition root(const char* name, const Basis& basis, MakeFields make, Definitions& definitions) {
  auto type = object_type(name, own_fields(basis, name, definitions));
  if (const auto* written = basis.type(name)) {
    type.description = written->description;
    type.directives = shown(written->directives);
  }
  for (const auto& model : basis.schema.models) {
    for (auto& field : make(basis, model)) type.fields.push_back(std::move(field));
  }
  return type;
}

/// Enums and embedded types as their author would have written them.
schema::Reading reading_of(const Schema& schema) {
  schema::Reading reading{schema, {}, {}};
  auto& types = reading.written.document.types;
  for (const auto& each : schema.enums) {
    types.push_back(enum_type(each.name, each.values));
    types.back().description = each.description;
  }
  for (const auto& each : schema.embedded) {
    types.push_back(object_type(each.name, {}));
    types.back().description = each.description;
    for (const auto& member : each.fields) {
      types.back().fields.push_back(field(member.name, type_of(member)));
      types.back().fields.back().description = member.description;
    }
  }
  return reading;
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
  const Basis basis(reading, options);
  Definitions definitions;
  add_own_types(basis, definitions);
  const auto add_root = [&](graphql::TypeDefinition type) {
    if (!type.fields.empty()) definitions.add(std::move(type));
  };
  auto query = root("Query", basis, query_fields, definitions);
  for (auto& field : search_fields(basis, definitions)) query.fields.push_back(std::move(field));
  add_root(std::move(query));
  add_root(root("Mutation", basis, mutation_fields, definitions));
  add_root(root("Subscription", basis, subscription_fields, definitions));
  for (const auto& model : reading.schema.models) add_model(basis, model, definitions);
  add_all_related(basis, definitions);
  definitions.add(fixed_types(basis));
  graphql::SchemaDocument document;
  document.types = definitions.take();
  apply_auth(basis, document);
  return document;
}

graphql::SchemaDocument document(const Schema& schema, const Options& options) {
  return document(reading_of(schema), options);
}

}  // namespace holdfast::api
