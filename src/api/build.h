// Small makers for the parts of a type-system document.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::api {

graphql::TypeRef named(std::string name);
graphql::TypeRef required(graphql::TypeRef type);
graphql::TypeRef list_of(graphql::TypeRef element);

graphql::InputValue input(std::string name, graphql::TypeRef type);
graphql::FieldDefinition field(std::string name, graphql::TypeRef type,
                               std::vector<graphql::InputValue> arguments = {});
graphql::TypeDefinition input_type(std::string name, std::vector<graphql::InputValue> inputs);
graphql::TypeDefinition object_type(std::string name, std::vector<graphql::FieldDefinition> fields);
graphql::TypeDefinition enum_type(std::string name, const std::vector<std::string>& values);

/// The first letter in the other case, the rest untouched.
std::string upper_first(std::string text);
std::string lower_first(std::string text);

/// The field's type without list and non-null: "AWSDate", "Status", "Address".
std::string element_name(const FieldSchema& field);
/// The field's type as the object type shows it. `element` replaces the element's name: "AddressInput".
graphql::TypeRef type_of(const FieldSchema& field, std::string element);
graphql::TypeRef type_of(const FieldSchema& field);

/// The family of operator inputs of a scalar: "String", "ID", "Int", "Float" or "Boolean".
std::string operator_family(Scalar scalar);

}  // namespace holdfast::api
