#include "graphql/builtin.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "graphql/parser.h"
#include "holdfast/result.h"

namespace holdfast::graphql {
namespace {

// October 2021, section 4, and the later includeDeprecated of arguments and input fields, which tools ask for.
constexpr std::string_view sdl = R"(
"Text in UTF-8." scalar String
"A signed whole number of 32 bits." scalar Int
"A double-precision number (IEEE 754)." scalar Float
"true or false." scalar Boolean
"A key that identifies an object; written as a string." scalar ID

directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @skip("Left out when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported")
  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR

type __Schema {
  description: String
  types: [__Type!]!
  queryType: __Type!
  mutationType: __Type
  subscriptionType: __Type
  directives: [__Directive!]!
}
type __Type {
  kind: __TypeKind!
  name: String
  description: String
  specifiedByURL: String
  fields(includeDeprecated: Boolean = false): [__Field!]
  interfaces: [__Type!]
  possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
  ofType: __Type
}
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
type __Field {
  name: String!
  description: String
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  type: __Type!
  isDeprecated: Boolean!
  deprecationReason: String
}
type __InputValue {
  name: String!
  description: String
  type: __Type!
  defaultValue: String
  isDeprecated: Boolean!
  deprecationReason: String
}
type __EnumValue {
  name: String!
  description: String
  isDeprecated: Boolean!
  deprecationReason: String
}
type __Directive {
  name: String!
  description: String
  isRepeatable: Boolean!
  locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}
enum __DirectiveLocation {
  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION
  SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
  INPUT_FIELD_DEFINITION
}
)";

TypeRef non_null(std::string name) {
  TypeRef type;
  type.name = std::move(name);
  type.is_non_null = true;
  return type;
}

FieldDefinition meta_field(std::string name, TypeRef type) {
  FieldDefinition field;
  field.name = std::move(name);
  field.type = std::move(type);
  return field;
}

FieldDefinition make_type_field() {
  auto field = meta_field("__type", TypeRef{.name = "__Type"});
  InputValue argument;
  argument.name = "name";
  argument.type = non_null("String");
  field.arguments.push_back(std::move(argument));
  return field;
}

SchemaDocument parse_builtin() {
  auto parsed = parse_schema(sdl);
  HOLDFAST_ASSERT(std::holds_alternative<SchemaDocument>(parsed), "the built-in definitions must parse");
  return std::get<SchemaDocument>(std::move(parsed));
}

}  // namespace

const SchemaDocument& builtin_definitions() {
  static const SchemaDocument definitions = parse_builtin();
  return definitions;
}

bool is_builtin_scalar(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> names{"Int", "Float", "String", "Boolean", "ID"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

const FieldDefinition& typename_field() {
  static const FieldDefinition field = meta_field("__typename", non_null("String"));
  return field;
}

const FieldDefinition& schema_field() {
  static const FieldDefinition field = meta_field("__schema", non_null("__Schema"));
  return field;
}

const FieldDefinition& type_field() {
  static const FieldDefinition field = make_type_field();
  return field;
}

}  // namespace holdfast::graphql
