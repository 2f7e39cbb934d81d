// Type-system definitions and extensions.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "graphql/syntax.h"

namespace holdfast::graphql {
namespace {

std::optional<TypeKind> type_kind(std::string_view keyword) noexcept {
  if (keyword == "scalar") return TypeKind::scalar;
  if (keyword == "type") return TypeKind::object;
  if (keyword == "interface") return TypeKind::interface;
  if (keyword == "union") return TypeKind::union_type;
  if (keyword == "enum") return TypeKind::enumeration;
  if (keyword == "input") return TypeKind::input;
  return std::nullopt;
}

constexpr std::array<std::string_view, 19> directive_locations = {"QUERY",
                                                                  "MUTATION",
                                                                  "SUBSCRIPTION",
                                                                  "FIELD",
                                                                  "FRAGMENT_DEFINITION",
                                                                  "FRAGMENT_SPREAD",
                                                                  "INLINE_FRAGMENT",
                                                                  "VARIABLE_DEFINITION",
                                                                  "SCHEMA",
                                                                  "SCALAR",
                                                                  "OBJECT",
                                                                  "FIELD_DEFINITION",
                                                                  "ARGUMENT_DEFINITION",
                                                                  "INTERFACE",
                                                                  "UNION",
                                                                  "ENUM",
                                                                  "ENUM_VALUE",
                                                                  "INPUT_OBJECT",
                                                                  "INPUT_FIELD_DEFINITION"};

bool is_empty(const TypeDefinition& type) noexcept {
  return type.interfaces.empty() && type.fields.empty() && type.inputs.empty() && type.values.empty() &&
         type.members.empty() && type.directives.empty();
}

}  // namespace

SchemaDocument Syntax::schema_document() {
  SchemaDocument result;
  do {
    type_system_definition(result);
  } while (!failure() && !is(TokenKind::end_of_file));
  return result;
}

void Syntax::type_system_definition(SchemaDocument& document) {
  const Location start = token_.at;
  const bool has_description = is(TokenKind::string) || is(TokenKind::block_string);
  std::string text = description();
  if (has_description && is_keyword("extend")) {
    return fail(start, "Unexpected description, only GraphQL definitions support descriptions.");
  }
  const bool is_extension = accept_keyword("extend");
  const auto kind = is(TokenKind::name) ? type_kind(token_.text) : std::nullopt;
  if (kind) {
    document.types.push_back(type_definition(*kind, is_extension));
    document.types.back().description = std::move(text);
  } else if (is_keyword("schema")) {
    document.schemas.push_back(schema_definition(is_extension));
    document.schemas.back().description = std::move(text);
  } else if (is_keyword("directive") && !is_extension) {
    document.directives.push_back(directive_definition());
    document.directives.back().description = std::move(text);
  } else {
    unexpected(token_);
  }
}

std::string Syntax::description() {
  if (!is(TokenKind::string) && !is(TokenKind::block_string)) return {};
  return string_value().text;
}

SchemaDefinition Syntax::schema_definition(bool is_extension) {
  SchemaDefinition result;
  result.at = token_.at;
  result.is_extension = is_extension;
  expect_keyword("schema");
  result.directives = directives(Variables::refused);
  if (is_extension && !is(TokenKind::brace_l)) {
    if (result.directives.empty()) unexpected(token_);
    return result;
  }
  many(TokenKind::brace_l, TokenKind::brace_r, [&] {
    const Location at = token_.at;
    const auto operation = operation_type();
    auto& type = operation == OperationType::query      ? result.query
                 : operation == OperationType::mutation ? result.mutation
                                                        : result.subscription;
    // To graphql-js a matter of validation; our tree holds one.
    if (!type.empty()) fail(at, "There can be only one " + std::string(graphql::name(operation)) + " type in schema.");
    expect(TokenKind::colon);
    type = name();
  });
  return result;
}

DirectiveDefinition Syntax::directive_definition() {
  DirectiveDefinition result;
  expect_keyword("directive");
  result.at = token_.at;
  expect(TokenKind::at);
  result.name = name();
  result.arguments = input_values(TokenKind::paren_l, TokenKind::paren_r);
  result.is_repeatable = accept_keyword("repeatable");
  expect_keyword("on");
  delimited(TokenKind::pipe, [&] { result.locations.push_back(directive_location()); });
  return result;
}

std::string Syntax::directive_location() {
  const Token word = token_;
  auto location = name();
  const bool is_known =
      std::find(directive_locations.begin(), directive_locations.end(), location) != directive_locations.end();
  if (!is_known) unexpected(word);
  return location;
}

TypeDefinition Syntax::type_definition(TypeKind kind, bool is_extension) {
  TypeDefinition result;
  advance();
  result.kind = kind;
  result.is_extension = is_extension;
  result.at = token_.at;
  result.name = name();
  if (kind == TypeKind::object || kind == TypeKind::interface) result.interfaces = interfaces();
  result.directives = directives(Variables::refused);
  type_body(result);
  if (is_extension && is_empty(result)) unexpected(token_);
  return result;
}

void Syntax::type_body(TypeDefinition& type) {
  switch (type.kind) {
    case TypeKind::scalar: break;
    case TypeKind::object:
    case TypeKind::interface: type.fields = field_definitions(); break;
    case TypeKind::union_type:
      if (accept(TokenKind::equals)) delimited(TokenKind::pipe, [&] { type.members.push_back(name()); });
      break;
    case TypeKind::enumeration:
      optional_many(TokenKind::brace_l, TokenKind::brace_r, [&] { type.values.push_back(enum_value()); });
      break;
    case TypeKind::input: type.inputs = input_values(TokenKind::brace_l, TokenKind::brace_r); break;
  }
}

std::vector<std::string> Syntax::interfaces() {
  std::vector<std::string> result;
  if (accept_keyword("implements")) delimited(TokenKind::amp, [&] { result.push_back(name()); });
  return result;
}

std::vector<FieldDefinition> Syntax::field_definitions() {
  std::vector<FieldDefinition> result;
  optional_many(TokenKind::brace_l, TokenKind::brace_r, [&] { result.push_back(field_definition()); });
  return result;
}

FieldDefinition Syntax::field_definition() {
  FieldDefinition result;
  result.description = description();
  result.at = token_.at;
  result.name = name();
  result.arguments = input_values(TokenKind::paren_l, TokenKind::paren_r);
  expect(TokenKind::colon);
  result.type = type_ref();
  result.directives = directives(Variables::refused);
  return result;
}

std::vector<InputValue> Syntax::input_values(TokenKind open, TokenKind close) {
  std::vector<InputValue> result;
  optional_many(open, close, [&] { result.push_back(input_value()); });
  return result;
}

InputValue Syntax::input_value() {
  InputValue result;
  result.description = description();
  result.at = token_.at;
  result.name = name();
  expect(TokenKind::colon);
  result.type = type_ref();
  if (accept(TokenKind::equals)) result.default_value = value(Variables::refused);
  result.directives = directives(Variables::refused);
  return result;
}

EnumValue Syntax::enum_value() {
  EnumValue result;
  result.description = description();
  result.at = token_.at;
  if (is_keyword("true") || is_keyword("false") || is_keyword("null")) {
    fail(token_.at, described(token_) + " is reserved and cannot be used for an enum value.");
  }
  result.name = name();
  result.directives = directives(Variables::refused);
  return result;
}

}  // namespace holdfast::graphql
