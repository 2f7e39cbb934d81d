#include "api/operator_inputs.h"

#include <algorithm>
#include <string>

#include "api/build.h"

namespace holdfast::api {
namespace {

using Inputs = std::vector<graphql::InputValue>;

bool is_text(const std::string& family) { return family == "String" || family == "ID"; }

void add_comparisons(const std::string& type, Inputs& inputs) {
  for (const char* op : {"ne", "eq", "le", "lt", "ge", "gt"}) inputs.push_back(input(op, named(type)));
}

void add_text_operators(const std::string& type, Inputs& inputs) {
  inputs.push_back(input("contains", named(type)));
  inputs.push_back(input("notContains", named(type)));
  inputs.push_back(input("beginsWith", named(type)));
}

graphql::TypeDefinition filter_operators(const std::string& family) {
  Inputs inputs;
  if (family == "Boolean") {
    inputs = {input("ne", named(family)), input("eq", named(family))};
  } else {
    add_comparisons(family, inputs);
    if (is_text(family)) add_text_operators(family, inputs);
    inputs.push_back(input("between", list_of(named(family))));
  }
  inputs.push_back(input("attributeExists", named("Boolean")));
  inputs.push_back(input("attributeType", named("ModelAttributeTypes")));
  if (is_text(family)) inputs.push_back(input("size", named("ModelSizeInput")));
  return input_type("Model" + family + "Input", std::move(inputs));
}

graphql::TypeDefinition subscription_operators(const std::string& family) {
  const std::string name = "ModelSubscription" + family + "Input";
  if (family == "Boolean") return input_type(name, {input("ne", named(family)), input("eq", named(family))});
  Inputs inputs;
  add_comparisons(family, inputs);
  if (is_text(family)) add_text_operators(family, inputs);
  for (const char* op : {"between", "in", "notIn"}) inputs.push_back(input(op, list_of(named(family))));
  return input_type(name, std::move(inputs));
}

}  // namespace

std::vector<graphql::TypeDefinition> fixed_types(const Basis& basis) {
  std::vector<graphql::TypeDefinition> types;
  const auto& models = basis.schema.models;
  const bool has_list = std::any_of(models.begin(), models.end(),
                                    [](const ModelSchema& model) { return !model.operations.list.empty(); });
  if (has_list || !basis.is_v1()) types.push_back(enum_type("ModelSortDirection", {"ASC", "DESC"}));
  types.push_back(enum_type("ModelAttributeTypes", {"binary", "binarySet", "bool", "list", "map", "number",
                                                    "numberSet", "string", "stringSet", "_null"}));
  Inputs sizes;
  add_comparisons("Int", sizes);
  sizes.push_back(input("between", list_of(named("Int"))));
  types.push_back(input_type("ModelSizeInput", std::move(sizes)));
  for (const char* family : {"String", "ID", "Int", "Float", "Boolean"}) {
    types.push_back(filter_operators(family));
    if (!basis.is_v1()) types.push_back(subscription_operators(family));
  }
  if (basis.is_v1()) return types;
  // Not of use without AI conversations, but in every API.
  types.push_back(input_type("AmplifyAIConversationTurnErrorInput", {input("errorType", required(named("String"))),
                                                                     input("message", required(named("String")))}));
  return types;
}

}  // namespace holdfast::api
