#include "graphql/coerce.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "graphql/builtin_scalars.h"
#include "graphql/printer.h"

namespace holdfast::graphql {
namespace {

Error refused(std::string message = {}) { return {Code::invalid_argument, std::move(message)}; }

bool is_absent(const AstValue& literal, const Object& variables) {
  return literal.kind == AstValue::Kind::variable && !variables.find(literal.text);
}

Value untyped_number(const AstValue& literal) {
  const auto& text = literal.text;
  std::int64_t integer = 0;
  if (literal.kind == AstValue::Kind::integer &&
      std::from_chars(text.data(), text.data() + text.size(), integer).ec == std::errc()) {
    return integer;
  }
  return number_of_literal(literal).value_or(0);
}

bool has_too_large_number(const AstValue& literal) {
  const bool is_number = literal.kind == AstValue::Kind::integer || literal.kind == AstValue::Kind::floating;
  return (is_number && !number_of_literal(literal)) ||
         std::any_of(literal.items.begin(), literal.items.end(), has_too_large_number) ||
         std::any_of(literal.fields.begin(), literal.fields.end(),
                     [](const AstField& field) { return has_too_large_number(field.value); });
}

// What a custom scalar is given: the literal as JSON would say it.
Value untyped(const AstValue& literal, const Object& variables) {
  switch (literal.kind) {
    case AstValue::Kind::variable: return variables.at(literal.text);
    case AstValue::Kind::integer:
    case AstValue::Kind::floating: return untyped_number(literal);
    case AstValue::Kind::string:
    case AstValue::Kind::enumeration: return literal.text;
    case AstValue::Kind::boolean: return literal.text == "true";
    case AstValue::Kind::null: return nullptr;
    case AstValue::Kind::list: {
      List list;
      for (const auto& item : literal.items) list.push_back(untyped(item, variables));
      return list;
    }
    case AstValue::Kind::object: {
      Object object;
      for (const auto& field : literal.fields) object.set(field.name, untyped(field.value, variables));
      return object;
    }
  }
  return nullptr;
}

Result<Value> leaf_literal(const InputRules& rules, const TypeDefinition& leaf, const AstValue& literal,
                           const Object& variables) {
  if (leaf_of(leaf) != Leaf::custom) {
    if (auto problem = literal_problem(leaf, literal)) return refused(std::move(*problem));
    return literal_value(leaf, literal);
  }
  const auto expected = "Expected value of type \"" + leaf.name + "\", found " + print(literal) + "; ";
  if (has_too_large_number(literal)) return refused(expected + "a number is too large.");
  auto read = rules.scalars.read(leaf, untyped(literal, variables));
  if (read) return read;
  return refused(expected + read.error().message);
}

Result<Value> list_literal(const InputRules& rules, const TypeRef& item, const AstValue& literal,
                           const Object& variables) {
  List list;
  list.reserve(literal.items.size());
  for (const auto& entry : literal.items) {
    if (is_absent(entry, variables)) {
      if (item.is_non_null) return refused();
      list.emplace_back();
      continue;
    }
    HOLDFAST_TRY(value, coerce_literal(rules, item, entry, variables));
    list.push_back(std::move(value));
  }
  return Value(std::move(list));
}

Result<Value> object_literal(const InputRules& rules, const TypeDefinition& type, const AstValue& literal,
                             const Object& variables) {
  if (literal.kind != AstValue::Kind::object) return refused();
  Object object;
  for (const auto& input : type.inputs) {
    const auto* given = argument(literal.fields, input.name);
    const bool is_given = given && !is_absent(*given, variables);
    if (!is_given && !input.default_value) {
      if (input.type.is_non_null) return refused();
      continue;
    }
    HOLDFAST_TRY(value, coerce_literal(rules, input.type, is_given ? *given : *input.default_value, variables));
    object.append(input.name, std::move(value));
  }
  return Value(std::move(object));
}

}  // namespace

Result<Value> coerce_literal(const InputRules& rules, const TypeRef& type, const AstValue& literal,
                             const Object& variables) {
  if (literal.kind == AstValue::Kind::variable) {
    const auto* value = variables.find(literal.text);
    if (!value || (value->is_null() && type.is_non_null)) return refused();
    return *value;
  }
  if (literal.kind == AstValue::Kind::null) {
    if (type.is_non_null) return refused();
    return Value();
  }
  if (type.is_list()) {
    const auto& item = type.element.front();
    if (literal.kind == AstValue::Kind::list) return list_literal(rules, item, literal, variables);
    HOLDFAST_TRY(single, coerce_literal(rules, item, literal, variables));
    List list;
    list.push_back(std::move(single));
    return Value(std::move(list));
  }
  const auto* named = rules.types.type(type.name);
  if (!named) return refused();
  return named->kind == TypeKind::input ? object_literal(rules, *named, literal, variables)
                                        : leaf_literal(rules, *named, literal, variables);
}

namespace {

// What is wrong with an argument that has no value, or none when it may be left out.
std::string absence_problem(const InputValue& wanted, const AstValue* given) {
  if (!wanted.type.is_non_null) return {};
  const auto subject = "Argument \"" + wanted.name + "\" of required type \"" + wanted.type.text() + "\" was ";
  if (!given) return subject + "not provided.";
  return subject + "provided the variable \"$" + given->text + "\" which was not provided a runtime value.";
}

std::string invalid_problem(const InputValue& wanted, const AstValue& given, const Object& variables,
                            const Error& error) {
  const bool is_null = given.kind == AstValue::Kind::null ||
                       (given.kind == AstValue::Kind::variable && variables.at(given.text).is_null());
  if (is_null && wanted.type.is_non_null) {
    return "Argument \"" + wanted.name + "\" of non-null type \"" + wanted.type.text() + "\" must not be null.";
  }
  return error.message.empty() ? "Argument \"" + wanted.name + "\" has invalid value " + print(given) + "."
                               : error.message;
}

}  // namespace

std::variant<Object, RequestError> coerce_arguments(const InputRules& rules, const FieldDefinition& field,
                                                    const Selection& selection, const Object& variables) {
  Object coerced;
  coerced.reserve(field.arguments.size());
  for (const auto& wanted : field.arguments) {
    const auto* given = argument(selection.arguments, wanted.name);
    const bool is_given = given && !is_absent(*given, variables);
    if (!is_given && !wanted.default_value) {
      auto problem = absence_problem(wanted, given);
      if (!problem.empty()) return RequestError{std::move(problem), {given ? given->at : selection.at}};
      continue;
    }
    const auto& literal = is_given ? *given : *wanted.default_value;
    auto value = coerce_literal(rules, wanted.type, literal, variables);
    if (!value) return RequestError{invalid_problem(wanted, literal, variables, value.error()), {literal.at}};
    coerced.append(wanted.name, std::move(*value));
  }
  return coerced;
}

}  // namespace holdfast::graphql
