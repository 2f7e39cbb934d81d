#include "api/build.h"

namespace holdfast::api {
namespace {

char shifted(char letter, char from, char to) {
  return letter >= from && letter <= from + 25 ? static_cast<char>(letter - from + to) : letter;
}

}  // namespace

graphql::TypeRef named(std::string name) {
  graphql::TypeRef type;
  type.name = std::move(name);
  return type;
}

graphql::TypeRef required(graphql::TypeRef type) {
  type.is_non_null = true;
  return type;
}

graphql::TypeRef list_of(graphql::TypeRef element) {
  graphql::TypeRef type;
  type.element.push_back(std::move(element));
  return type;
}

graphql::InputValue input(std::string name, graphql::TypeRef type) {
  graphql::InputValue value;
  value.name = std::move(name);
  value.type = std::move(type);
  return value;
}

graphql::FieldDefinition field(std::string name, graphql::TypeRef type,
                               std::vector<graphql::InputValue> arguments) {
  graphql::FieldDefinition made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.arguments = std::move(arguments);
  return made;
}

graphql::TypeDefinition input_type(std::string name, std::vector<graphql::InputValue> inputs) {
  graphql::TypeDefinition type;
  type.kind = graphql::TypeKind::input;
  type.name = std::move(name);
  type.inputs = std::move(inputs);
  return type;
}

graphql::TypeDefinition object_type(std::string name, std::vector<graphql::FieldDefinition> fields) {
  graphql::TypeDefinition type;
  type.kind = graphql::TypeKind::object;
  type.name = std::move(name);
  type.fields = std::move(fields);
  return type;
}

graphql::TypeDefinition enum_type(std::string name, const std::vector<std::string>& values) {
  graphql::TypeDefinition type;
  type.kind = graphql::TypeKind::enumeration;
  type.name = std::move(name);
  for (const auto& value : values) {
    graphql::EnumValue member;
    member.name = value;
    type.values.push_back(std::move(member));
  }
  return type;
}

std::string upper_first(std::string text) {
  if (!text.empty()) text.front() = shifted(text.front(), 'a', 'A');
  return text;
}

std::string lower_first(std::string text) {
  if (!text.empty()) text.front() = shifted(text.front(), 'A', 'a');
  return text;
}

std::string element_name(const FieldSchema& field) {
  return field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
}

graphql::TypeRef type_of(const FieldSchema& field, std::string element) {
  auto type = named(std::move(element));
  type.is_non_null = field.is_required;
  if (!field.is_list) return type;
  auto list = list_of(std::move(type));
  list.is_non_null = field.is_list_required;
  return list;
}

graphql::TypeRef type_of(const FieldSchema& field) { return type_of(field, element_name(field)); }

std::string operator_family(Scalar scalar) {
  switch (scalar) {
    case Scalar::id: return "ID";
    case Scalar::integer:
    case Scalar::aws_timestamp: return "Int";
    case Scalar::floating: return "Float";
    case Scalar::boolean: return "Boolean";
    default: return "String";
  }
}

}  // namespace holdfast::api
