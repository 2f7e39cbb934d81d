#include "api/model_inputs.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "api/build.h"
#include "api/sort_key.h"

namespace holdfast::api {
namespace {

using Inputs = std::vector<graphql::InputValue>;

/// Lists that may be null have list operators; `[E]!` shares those of the single enum, as in the original.
bool has_list_operators(const Basis& basis, const graphql::TypeRef& type) {
  return type.is_list() && (basis.is_v1() || !type.is_non_null);
}

std::string operators_of(const Basis& basis, const graphql::TypeRef& type) {
  const bool is_list = basis.is_enum(type.innermost()) && has_list_operators(basis, type);
  return "Model" + basis.family(type) + (is_list ? "ListInput" : "Input");
}

std::string subscription_operators_of(const Basis& basis, const graphql::TypeRef& type) {
  return "ModelSubscription" + (basis.is_enum(type.innermost()) ? std::string("String") : basis.family(type)) + "Input";
}

bool is_filterable(const Basis& basis, const Member& member) { return !basis.family(member.type).empty(); }

/// What nobody wrote. The `id` that a model of the usual name is given is there from the start.
bool is_generated(const Basis& basis, const ModelSchema& model, const Member& member) {
  const bool has_usual_name = basis.stem(model) == related_stem(model);
  return member.written == nullptr && (member.name != "id" || !has_usual_name);
}

/// What conditions leave out: the primary key, and whatever is an ID and called so. The original misses the key of
/// models with a small initial.
bool is_identity(const Basis& basis, const ModelSchema& model, const Member& member) {
  if (member.name == "id" && member.type.name == "ID") return true;
  if (basis.is_v1()) return model.is_key(member.name);
  return model.has_custom_primary_key && model.is_key(member.name) && basis.stem(model) == related_stem(model);
}

/// Filters of models with another key list an `id` all the same, as those of the original do.
void add_missing_id(const ModelSchema& model, const char* operators, Inputs& inputs) {
  if (model.field("id") == nullptr) inputs.push_back(input("id", named(operators)));
}

enum class Kept : std::uint8_t { all, all_but_identity, all_but_timestamps, written };

Inputs filter_members(const Basis& basis, const ModelSchema& model, const std::string& self, Kept kept) {
  Inputs inputs;
  for (const auto& each : basis.members(model)) {
    if (!is_filterable(basis, each) || (kept == Kept::all_but_identity && is_identity(basis, model, each))) continue;
    if (basis.is_v1() && each.written == nullptr) continue;
    if (kept == Kept::written && is_generated(basis, model, each)) continue;
    if (kept == Kept::all_but_timestamps && each.stored != nullptr && each.stored->is_read_only) continue;
    inputs.push_back(input(each.name, named(operators_of(basis, each.type))));
  }
  if (kept == Kept::all && !basis.is_v1()) add_missing_id(model, "ModelIDInput", inputs);
  inputs.push_back(input("and", list_of(named(self))));
  inputs.push_back(input("or", list_of(named(self))));
  inputs.push_back(input("not", named(self)));
  return inputs;
}

void add_deleted(const Basis& basis, Inputs& inputs) {
  if (basis.options.is_versioned && !basis.is_v1()) inputs.push_back(input("_deleted", named("ModelBooleanInput")));
}

void add_version(const Basis& basis, Inputs& inputs) {
  if (basis.options.is_versioned) inputs.push_back(input("_version", named("Int")));
}

/// Whether the field was made for another model's has_many relation.
bool is_child_key(const Schema& schema, const ModelSchema& model, const std::string& name) {
  const auto* field = model.field(name);
  if (field == nullptr || !field->is_implied || model.is_join) return false;
  return std::any_of(schema.models.begin(), schema.models.end(), [&](const ModelSchema& parent) {
    return std::any_of(parent.relations.begin(), parent.relations.end(), [&](const RelationSchema& relation) {
      const auto& keys = relation.target_keys;
      return relation.kind == RelationKind::has_many && relation.target == model.name &&
             std::find(keys.begin(), keys.end(), name) != keys.end();
    });
  });
}

/// Whether the relation names no keys of its own.
bool is_implicit(const Basis& basis, const ModelSchema& model, const RelationSchema& relation) {
  const auto* type = basis.type(model.name);
  const auto* field = type == nullptr ? nullptr : type->field(relation.name);
  const auto* directive = field == nullptr ? nullptr : graphql::directive(field->directives, "hasMany");
  if (directive == nullptr) return false;
  return graphql::argument(directive->arguments, "fields") == nullptr &&
         graphql::argument(directive->arguments, "references") == nullptr;
}

/// The implicit keys of has_many relations, which the original lists in the filter of the parent, not of the child.
void add_child_keys(const Basis& basis, const ModelSchema& model, Inputs& inputs) {
  for (const auto& relation : model.relations) {
    const auto* target = basis.schema.model(relation.target);
    if (relation.kind != RelationKind::has_many || target == nullptr || !is_implicit(basis, model, relation)) continue;
    for (const auto& key : relation.target_keys) {
      const auto* each = target->field(key);
      const bool is_there = std::any_of(inputs.begin(), inputs.end(), [&](const auto& one) { return one.name == key; });
      if (each == nullptr || is_there) continue;
      inputs.push_back(input(key, named(subscription_operators_of(basis, type_of(*each)))));
    }
  }
}

/// What create and update take: the members, and keys that only inputs show.
Inputs record_inputs(const Basis& basis, const ModelSchema& model) {
  Inputs inputs;
  for (const auto& each : basis.members(model)) {
    if ((each.stored != nullptr && each.stored->is_read_only) || basis.is_model(each.type.innermost())) continue;
    // The older dialect left out what it could not take; the current one names an input that nobody defines.
    if (basis.is_v1() && each.stored == nullptr) continue;
    inputs.push_back(input(each.name, basis.input_type(each.type)));
  }
  for (const auto& field : model.fields) {
    if (field.is_hidden) inputs.push_back(input(field.name, type_of(field)));
  }
  return inputs;
}

}  // namespace

graphql::TypeDefinition create_input(const Basis& basis, const ModelSchema& model) {
  auto inputs = record_inputs(basis, model);
  for (auto& each : inputs) {
    const bool is_text_id =
        each.name == "id" && (each.type.name == "ID" || (each.type.name == "String" && !basis.is_v1()));
    const bool is_timestamp = each.name == model.created_at || each.name == model.updated_at;
    if (is_text_id || is_timestamp) each.type.is_non_null = false;
  }
  add_version(basis, inputs);
  return input_type("Create" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition update_input(const Basis& basis, const ModelSchema& model) {
  auto inputs = record_inputs(basis, model);
  for (auto& each : inputs) each.type.is_non_null = model.is_key(each.name);
  add_version(basis, inputs);
  return input_type("Update" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition delete_input(const Basis& basis, const ModelSchema& model) {
  Inputs inputs;
  for (const auto& key : model.primary_key) {
    inputs.push_back(input(key, required(named(key_type(model, key)))));
  }
  add_version(basis, inputs);
  return input_type("Delete" + upper_first(model.name) + "Input", std::move(inputs));
}

graphql::TypeDefinition filter_input(const Basis& basis, const ModelSchema& model) {
  const auto self = basis.stem(model) + "FilterInput";
  auto inputs = filter_members(basis, model, self, Kept::all);
  add_deleted(basis, inputs);
  return input_type(self, std::move(inputs));
}

graphql::TypeDefinition related_filter_input(const Basis& basis, const ModelSchema& model, bool is_relation) {
  const auto self = related_stem(model) + "FilterInput";
  // Generated keys come to the filter that has its usual name by then: that of an index, not of a relation.
  const bool has_keys = !is_relation && basis.stem(model) == related_stem(model);
  auto inputs = filter_members(basis, model, self, has_keys ? Kept::all_but_timestamps : Kept::written);
  if (is_relation) add_deleted(basis, inputs);
  return input_type(self, std::move(inputs));
}

graphql::TypeDefinition condition_input(const Basis& basis, const ModelSchema& model) {
  const auto self = basis.stem(model) + "ConditionInput";
  auto inputs = filter_members(basis, model, self, Kept::all_but_identity);
  add_deleted(basis, inputs);
  return input_type(self, std::move(inputs));
}

graphql::TypeDefinition subscription_filter_input(const Basis& basis, const ModelSchema& model) {
  const auto self = subscription_filter_name(model);
  Inputs inputs;
  for (const auto& each : basis.members(model)) {
    if (!is_filterable(basis, each) || is_child_key(basis.schema, model, each.name)) continue;
    inputs.push_back(input(each.name, named(subscription_operators_of(basis, each.type))));
  }
  add_missing_id(model, "ModelSubscriptionIDInput", inputs);
  add_child_keys(basis, model, inputs);
  inputs.push_back(input("and", list_of(named(self))));
  inputs.push_back(input("or", list_of(named(self))));
  if (basis.options.is_versioned) inputs.push_back(input("_deleted", named("ModelBooleanInput")));
  return input_type(self, std::move(inputs));
}

std::vector<graphql::TypeDefinition> enum_operator_inputs(const Basis& basis, const ModelSchema& model) {
  std::vector<graphql::TypeDefinition> types;
  for (const auto& each : basis.members(model)) {
    if (!basis.is_enum(each.type.innermost())) continue;
    const auto value = named(each.type.innermost());
    const auto name = operators_of(basis, each.type);
    if (!has_list_operators(basis, each.type)) {
      types.push_back(input_type(name, {input("eq", value), input("ne", value)}));
      continue;
    }
    types.push_back(input_type(name, {input("eq", list_of(value)), input("ne", list_of(value)),
                                      input("contains", value), input("notContains", value)}));
  }
  return types;
}

}  // namespace holdfast::api
