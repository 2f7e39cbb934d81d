#include "api/sort_key.h"

#include <algorithm>

#include "api/build.h"
#include "schema/key_arguments.h"

namespace holdfast::api {
namespace {

std::string family_of(const ModelSchema& model, const std::string& field_name) {
  const auto* field = model.field(field_name);
  return field != nullptr && field->kind == FieldKind::scalar ? operator_family(field->scalar) : "String";
}

graphql::TypeDefinition single_condition(const std::string& type, const std::string& family) {
  std::vector<graphql::InputValue> inputs;
  for (const char* op : {"eq", "le", "lt", "ge", "gt"}) inputs.push_back(input(op, named(family)));
  inputs.push_back(input("between", list_of(named(family))));
  if (family == "String" || family == "ID") inputs.push_back(input("beginsWith", named(family)));
  return input_type(type, std::move(inputs));
}

std::vector<graphql::TypeDefinition> composite_condition(const ModelSchema& model,
                                                         const SortKeyArgument& argument) {
  constexpr std::string_view ending = "ConditionInput";
  const std::string key = argument.type.substr(0, argument.type.size() - ending.size()) + "Input";
  std::vector<graphql::InputValue> inputs;
  for (const char* op : {"eq", "le", "lt", "ge", "gt"}) inputs.push_back(input(op, named(key)));
  inputs.push_back(input("between", list_of(named(key))));
  inputs.push_back(input("beginsWith", named(key)));
  std::vector<graphql::InputValue> parts;
  for (const auto& name : argument.fields) {
    const auto* field = model.field(name);
    // The last scalar is written as its operators have it, a date as a String; the others keep their types.
    const bool is_plain = name == argument.fields.back() && field->kind == FieldKind::scalar;
    parts.push_back(input(name, named(is_plain ? family_of(model, name) : element_name(*field))));
  }
  return {input_type(argument.type, std::move(inputs)), input_type(key, std::move(parts))};
}

std::vector<std::string> without_first(const std::vector<std::string>& names, std::size_t count) {
  return {names.begin() + static_cast<std::ptrdiff_t>(std::min(count, names.size())), names.end()};
}

const graphql::Directive* relation_directive(const Basis& basis, const ModelSchema& model,
                                             const RelationSchema& relation) {
  const auto* type = basis.type(model.name);
  const auto* field = type == nullptr ? nullptr : type->field(relation.name);
  if (field == nullptr) return nullptr;
  const auto* current = graphql::directive(field->directives, "hasMany");
  return current != nullptr ? current : graphql::directive(field->directives, "connection");
}

}  // namespace

std::optional<SortKeyArgument> sort_key_argument(const ModelSchema& model, std::vector<std::string> fields,
                                                 std::string_view key) {
  if (fields.empty()) return std::nullopt;
  if (fields.size() == 1) {
    auto type = "Model" + family_of(model, fields.front()) + "KeyConditionInput";
    auto name = fields.front();
    return SortKeyArgument{std::move(name), std::move(type), std::move(fields)};
  }
  auto type = "Model" + model.name + upper_first(std::string(key)) + "CompositeKeyConditionInput";
  auto name = schema::sort_argument_name(fields);
  return SortKeyArgument{std::move(name), std::move(type), std::move(fields)};
}

std::optional<SortKeyArgument> primary_sort_key(const ModelSchema& model) {
  if (!model.has_custom_primary_key) return std::nullopt;
  return sort_key_argument(model, without_first(model.primary_key, 1), "Primary");
}

std::optional<SortKeyArgument> index_sort_key(const ModelSchema& model, const IndexSchema& index) {
  return sort_key_argument(model, without_first(index.fields, 1), index.name);
}

std::optional<SortKeyArgument> relation_sort_key(const Basis& basis, const ModelSchema& model,
                                                 const RelationSchema& relation) {
  const auto& target = *basis.schema.model(relation.target);
  const auto* directive = relation_directive(basis, model, relation);
  if (directive == nullptr) {
    // Of the models alone nobody knows what was named.
    auto possible = possible_sort_keys(target, relation);
    if (basis.type(model.name) != nullptr || possible.empty()) return std::nullopt;
    return std::move(possible.front());
  }
  const auto key = schema::relation_sort_key(target, relation, *directive);
  return sort_key_argument(target, key.fields, key.key);
}

std::vector<SortKeyArgument> possible_sort_keys(const ModelSchema& target, const RelationSchema& relation) {
  const auto& keys = relation.target_keys;
  const auto begins_so = [&](const std::vector<std::string>& fields) {
    return fields.size() > keys.size() && std::equal(keys.begin(), keys.end(), fields.begin());
  };
  std::vector<SortKeyArgument> all;
  const auto add = [&](std::optional<SortKeyArgument> argument) { all.push_back(*std::move(argument)); };
  if (begins_so(target.primary_key)) {
    add(sort_key_argument(target, without_first(target.primary_key, keys.size()), "Primary"));
  }
  for (const auto& index : target.indexes) {
    if (begins_so(index.fields)) {
      add(sort_key_argument(target, without_first(index.fields, keys.size()), index.name));
    }
  }
  return all;
}

std::string key_type(const ModelSchema& model, const std::string& key) {
  return model.has_custom_primary_key ? element_name(*model.field(key)) : "ID";
}

std::vector<graphql::TypeDefinition> sort_key_types(const ModelSchema& model, const SortKeyArgument& argument) {
  if (argument.is_composite()) return composite_condition(model, argument);
  return {single_condition(argument.type, family_of(model, argument.fields.front()))};
}

}  // namespace holdfast::api
