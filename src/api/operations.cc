#include "api/operations.h"

#include <utility>

#include "api/build.h"
#include "api/own_types.h"
#include "api/sort_key.h"

namespace holdfast::api {
namespace {

using Inputs = std::vector<graphql::InputValue>;
using Fields = std::vector<graphql::FieldDefinition>;

void add_sort_key(const std::optional<SortKeyArgument>& argument, Inputs& inputs) {
  if (argument) inputs.push_back(input(argument->name, named(argument->type)));
}

void add_paging(Inputs& inputs) {
  inputs.push_back(input("limit", named("Int")));
  inputs.push_back(input("nextToken", named("String")));
}

Inputs list_arguments(const Basis& basis, const ModelSchema& model) {
  Inputs inputs;
  if (model.has_custom_primary_key) {
    const auto* partition = model.field(model.primary_key.front());
    inputs.push_back(input(partition->name, named(element_name(*partition))));
    add_sort_key(primary_sort_key(model), inputs);
  }
  inputs.push_back(input("filter", named(basis.stem(model) + "FilterInput")));
  add_paging(inputs);
  if (model.has_custom_primary_key) inputs.push_back(input("sortDirection", named("ModelSortDirection")));
  return inputs;
}

Inputs index_arguments(const ModelSchema& model, const IndexSchema& index) {
  const auto* partition = model.field(index.fields.front());
  auto type = named(element_name(*partition));
  type.is_non_null = !index.is_partition_nullable;
  Inputs inputs{input(partition->name, std::move(type))};
  add_sort_key(index_sort_key(model, index), inputs);
  inputs.push_back(input("sortDirection", named("ModelSortDirection")));
  inputs.push_back(input("filter", named(related_stem(model) + "FilterInput")));
  add_paging(inputs);
  return inputs;
}

graphql::FieldDefinition sync_field(const Basis& basis, const ModelSchema& model) {
  Inputs inputs{input("filter", named(basis.stem(model) + "FilterInput"))};
  add_paging(inputs);
  inputs.push_back(input("lastSync", named("AWSTimestamp")));
  return field(model.operations.sync, named(basis.stem(model) + "Connection"), std::move(inputs));
}

graphql::FieldDefinition relation_field(const Basis& basis, const ModelSchema& model, const RelationSchema& relation) {
  if (relation.kind != RelationKind::has_many) {
    auto type = named(relation.target);
    type.is_non_null = relation.is_required;
    return field(relation.name, std::move(type));
  }
  const auto& target = *basis.schema.model(relation.target);
  Inputs inputs;
  add_sort_key(relation_sort_key(basis, model, relation), inputs);
  inputs.push_back(input("filter", named(related_stem(target) + "FilterInput")));
  inputs.push_back(input("sortDirection", named("ModelSortDirection")));
  add_paging(inputs);
  return field(relation.name, named(related_stem(target) + "Connection"), std::move(inputs));
}

graphql::Directive subscribed_to(const std::string& mutation) {
  graphql::AstValue name;
  name.kind = graphql::AstValue::Kind::string;
  name.text = mutation;
  graphql::AstValue names;
  names.kind = graphql::AstValue::Kind::list;
  names.items.push_back(std::move(name));
  graphql::Directive made;
  made.name = "aws_subscribe";
  made.arguments.push_back({"mutations", std::move(names)});
  return made;
}

void add_mutation(const Basis& basis, const ModelSchema& model, const std::string& name, const char* verb,
                  Fields& fields) {
  if (name.empty()) return;
  const auto input_name = verb + upper_first(model.name) + "Input";
  fields.push_back(field(name, named(model.name), {input("input", required(named(input_name))),
                                                   input("condition", named(basis.stem(model) + "ConditionInput"))}));
}

void add_subscriptions(const Basis& basis, const ModelSchema& model, const std::vector<std::string>& names,
                       const std::string& mutation, Fields& fields) {
  for (const auto& name : names) {
    auto made = field(name, named(model.name));
    // The older dialect knew no filters of subscriptions.
    if (!basis.is_v1()) made.arguments.push_back(input("filter", named(subscription_filter_name(model))));
    made.directives.push_back(subscribed_to(mutation));
    fields.push_back(std::move(made));
  }
}

}  // namespace

Fields query_fields(const Basis& basis, const ModelSchema& model) {
  Fields fields;
  if (!model.operations.get.empty()) {
    Inputs keys;
    for (const auto& key : model.primary_key) {
      keys.push_back(input(key, required(named(key_type(model, key)))));
    }
    fields.push_back(field(model.operations.get, named(model.name), std::move(keys)));
  }
  if (!model.operations.list.empty()) {
    fields.push_back(
        field(model.operations.list, named(basis.stem(model) + "Connection"), list_arguments(basis, model)));
  }
  if (basis.options.is_versioned && !model.operations.sync.empty()) fields.push_back(sync_field(basis, model));
  for (const auto& index : model.indexes) {
    if (!index.query_field) continue;
    fields.push_back(
        field(*index.query_field, named(related_stem(model) + "Connection"), index_arguments(model, index)));
  }
  return fields;
}

Fields mutation_fields(const Basis& basis, const ModelSchema& model) {
  Fields fields;
  add_mutation(basis, model, model.operations.create, "Create", fields);
  add_mutation(basis, model, model.operations.update, "Update", fields);
  add_mutation(basis, model, model.operations.remove, "Delete", fields);
  return fields;
}

Fields subscription_fields(const Basis& basis, const ModelSchema& model) {
  Fields fields;
  const auto& names = model.operations;
  add_subscriptions(basis, model, names.on_create, names.create, fields);
  add_subscriptions(basis, model, names.on_update, names.update, fields);
  add_subscriptions(basis, model, names.on_delete, names.remove, fields);
  return fields;
}

graphql::TypeDefinition model_type(const Basis& basis, const ModelSchema& model, Definitions& definitions) {
  auto type = object_type(model.name, {});
  type.description = model.description;
  const auto* written = basis.type(model.name);
  if (written != nullptr) {
    type.interfaces = written->interfaces;
    type.directives = shown(written->directives);
  }
  for (const auto& member : basis.members(model)) {
    type.fields.push_back(member.written == nullptr ? field(member.name, member.type)
                                                    : shown_field(*member.written, model.name, definitions));
  }
  for (const auto& relation : model.relations) {
    auto made = relation_field(basis, model, relation);
    made.description = relation.description;
    const auto* own = written == nullptr ? nullptr : written->field(relation.name);
    if (own != nullptr) made.directives = shown(own->directives);
    type.fields.push_back(std::move(made));
  }
  if (basis.options.is_versioned) {
    type.fields.push_back(field("_version", required(named("Int"))));
    type.fields.push_back(field("_deleted", named("Boolean")));
    type.fields.push_back(field("_lastChangedAt", required(named("AWSTimestamp"))));
  }
  return type;
}

graphql::TypeDefinition connection_type(const Basis& basis, const ModelSchema& model) {
  auto type = related_connection_type(model);
  type.name = basis.stem(model) + "Connection";
  if (basis.options.is_versioned) type.fields.push_back(field("startedAt", named("AWSTimestamp")));
  return type;
}

graphql::TypeDefinition related_connection_type(const ModelSchema& model) {
  return object_type(related_stem(model) + "Connection",
                     {field("items", required(list_of(named(model.name)))), field("nextToken", named("String"))});
}

}  // namespace holdfast::api
