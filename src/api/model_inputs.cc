#include "api/model_inputs.h"

#include <algorithm>
#include <string>

#include "api/build.h"

namespace holdfast::api {
namespace {

using Inputs = std::vector<graphql::InputValue>;

/// Key fields and anything else a filter can test.
bool is_filterable(const FieldSchema& field) { return field.kind != FieldKind::embedded && !field.is_hidden; }

/// A list of `[E]` has list operators; `[E!]` shares those of the single enum, as the original does.
bool has_list_operators(const FieldSchema& field) { return field.is_list && !field.is_required; }

std::string operators_of(const FieldSchema& field) {
  if (field.kind == FieldKind::scalar) return "Model" + operator_family(field.scalar) + "Input";
  return "Model" + field.type_name + (has_list_operators(field) ? "ListInput" : "Input");
}

std::string subscription_operators_of(const FieldSchema& field) {
  const auto family = field.kind == FieldKind::scalar ? operator_family(field.scalar) : std::string("String");
  return "ModelSubscription" + family + "Input";
}

std::string input_element(const FieldSchema& field) {
  return field.kind == FieldKind::embedded ? field.type_name + "Input" : element_name(field);
}

/// Filters of models with another key list an `id` all the same, as those of the original do.
void add_missing_id(const ModelSchema& model, const char* operators, Inputs& inputs) {
  if (model.field("id") == nullptr) inputs.push_back(input("id", named(operators)));
}

Inputs filter_members(const ModelSchema& model, const Options& options, const std::string& self, bool with_keys) {
  Inputs inputs;
  for (const auto& each : model.fields) {
    if (!is_filterable(each) || (!with_keys && model.is_key(each.name))) continue;
    inputs.push_back(input(each.name, named(operators_of(each))));
  }
  if (with_keys) add_missing_id(model, "ModelIDInput", inputs);
  inputs.push_back(input("and", list_of(named(self))));
  inputs.push_back(input("or", list_of(named(self))));
  inputs.push_back(input("not", named(self)));
  if (options.is_versioned) inputs.push_back(input("_deleted", named("ModelBooleanInput")));
  return inputs;
}

void add_version(const Options& options, Inputs& inputs) {
  if (options.is_versioned) inputs.push_back(input("_version", named("Int")));
}

/// Whether the field was made for another model's has_many relation.
bool is_child_key(const Schema& schema, const ModelSchema& model, const FieldSchema& field) {
  if (!field.is_implied || model.is_join) return false;
  return std::any_of(schema.models.begin(), schema.models.end(), [&](const ModelSchema& parent) {
    return std::any_of(parent.relations.begin(), parent.relations.end(), [&](const RelationSchema& relation) {
      const auto& keys = relation.target_keys;
      return relation.kind == RelationKind::has_many && relation.target == model.name &&
             std::find(keys.begin(), keys.end(), field.name) != keys.end();
    });
  });
}

/// The generated keys of has_many relations, which the original lists in the filter of the parent, not of the child.
void add_child_keys(const Schema& schema, const ModelSchema& model, Inputs& inputs) {
  for (const auto& relation : model.relations) {
    const auto* target = schema.model(relation.target);
    if (relation.kind != RelationKind::has_many || target == nullptr || target->is_join) continue;
    for (const auto& key : relation.target_keys) {
      const auto* each = target->field(key);
      const bool is_generated = each != nullptr && each->is_implied && !each->is_hidden;
      if (!is_generated || model.field(key) != nullptr) continue;
      inputs.push_back(input(key, named(subscription_operators_of(*each))));
    }
  }
}

}  // namespace

graphql::TypeDefinition create_input(const ModelSchema& model, const Options& options) {
  Inputs inputs;
  for (const auto& each : model.fields) {
    if (each.is_read_only) continue;
    auto type = type_of(each, input_element(each));
    const bool is_generated_id = model.primary_key.size() == 1 && model.is_key(each.name) && each.name == "id";
    const bool is_timestamp = each.name == model.created_at || each.name == model.updated_at;
    if (is_generated_id || is_timestamp) type.is_non_null = false;
    inputs.push_back(input(each.name, std::move(type)));
  }
  add_version(options, inputs);
  return input_type("Create" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition update_input(const ModelSchema& model, const Options& options) {
  Inputs inputs;
  for (const auto& each : model.fields) {
    if (each.is_read_only) continue;
    auto type = type_of(each, input_element(each));
    type.is_non_null = model.is_key(each.name);
    inputs.push_back(input(each.name, std::move(type)));
  }
  add_version(options, inputs);
  return input_type("Update" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition delete_input(const ModelSchema& model, const Options& options) {
  Inputs inputs;
  for (const auto& key : model.primary_key) {
    inputs.push_back(input(key, required(named(element_name(*model.field(key))))));
  }
  add_version(options, inputs);
  return input_type("Delete" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition filter_input(const ModelSchema& model, const Options& options) {
  const auto self = filter_name(model);
  return input_type(self, filter_members(model, options, self, true));
}

graphql::TypeDefinition condition_input(const ModelSchema& model, const Options& options) {
  const auto self = condition_name(model);
  return input_type(self, filter_members(model, options, self, false));
}

graphql::TypeDefinition subscription_filter_input(const Schema& schema, const ModelSchema& model,
                                                  const Options& options) {
  const auto self = subscription_filter_name(model);
  Inputs inputs;
  for (const auto& each : model.fields) {
    if (!is_filterable(each) || is_child_key(schema, model, each)) continue;
    inputs.push_back(input(each.name, named(subscription_operators_of(each))));
  }
  add_missing_id(model, "ModelSubscriptionIDInput", inputs);
  add_child_keys(schema, model, inputs);
  inputs.push_back(input("and", list_of(named(self))));
  inputs.push_back(input("or", list_of(named(self))));
  if (options.is_versioned) inputs.push_back(input("_deleted", named("ModelBooleanInput")));
  return input_type(self, std::move(inputs));
}

std::vector<graphql::TypeDefinition> enum_operator_inputs(const ModelSchema& model) {
  std::vector<graphql::TypeDefinition> types;
  for (const auto& each : model.fields) {
    if (each.kind != FieldKind::enumeration || each.is_hidden) continue;
    const auto value = named(each.type_name);
    if (!has_list_operators(each)) {
      types.push_back(input_type(operators_of(each), {input("eq", value), input("ne", value)}));
      continue;
    }
    types.push_back(input_type(operators_of(each), {input("eq", list_of(value)), input("ne", list_of(value)),
                                                    input("contains", value), input("notContains", value)}));
  }
  return types;
}

}  // namespace holdfast::api
