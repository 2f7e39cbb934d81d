// Values, arguments, directives and type references.
#include <utility>

#include "graphql/syntax.h"

namespace holdfast::graphql {

AstValue Syntax::value(Variables variables) {
  AstValue result;
  if (enter()) {
    switch (token_.kind) {
      case TokenKind::bracket_l: result = list_value(variables); break;
      case TokenKind::brace_l: result = object_value(variables); break;
      case TokenKind::integer:
      case TokenKind::floating:
        result.kind = is(TokenKind::integer) ? AstValue::Kind::integer : AstValue::Kind::floating;
        result.text = token_.text;
        result.at = token_.at;
        advance();
        break;
      case TokenKind::string:
      case TokenKind::block_string: result = string_value(); break;
      case TokenKind::name: result = word_value(); break;
      case TokenKind::dollar: result = variable_value(variables); break;
      default: unexpected(token_);
    }
  }
  leave();
  return result;
}

AstValue Syntax::string_value() {
  AstValue result;
  result.kind = AstValue::Kind::string;
  result.text = std::move(token_.value);
  result.is_block = is(TokenKind::block_string);
  result.at = token_.at;
  advance();
  return result;
}

AstValue Syntax::word_value() {
  AstValue result;
  result.kind = AstValue::Kind::enumeration;
  result.text = token_.text;
  result.at = token_.at;
  if (result.text == "true" || result.text == "false") result.kind = AstValue::Kind::boolean;
  if (result.text == "null") result.kind = AstValue::Kind::null;
  advance();
  return result;
}

AstValue Syntax::variable_value(Variables variables) {
  AstValue result;
  result.kind = AstValue::Kind::variable;
  result.at = token_.at;
  const Token dollar = token_;
  advance();
  if (variables == Variables::refused) {
    if (!is(TokenKind::name)) unexpected(dollar);
    fail(result.at, "Unexpected variable \"$" + std::string(token_.text) + "\" in constant value.");
    return result;
  }
  result.text = name();
  return result;
}

AstValue Syntax::list_value(Variables variables) {
  AstValue result;
  result.kind = AstValue::Kind::list;
  result.at = token_.at;
  any(TokenKind::bracket_l, TokenKind::bracket_r, [&] { result.items.push_back(value(variables)); });
  return result;
}

AstValue Syntax::object_value(Variables variables) {
  AstValue result;
  result.kind = AstValue::Kind::object;
  result.at = token_.at;
  any(TokenKind::brace_l, TokenKind::brace_r, [&] { result.fields.push_back(named_value(variables)); });
  return result;
}

AstField Syntax::named_value(Variables variables) {
  AstField result{.name = {}, .value = {}, .at = token_.at};
  result.name = name();
  expect(TokenKind::colon);
  result.value = value(variables);
  return result;
}

Arguments Syntax::arguments(Variables variables) {
  Arguments result;
  optional_many(TokenKind::paren_l, TokenKind::paren_r, [&] { result.push_back(named_value(variables)); });
  return result;
}

std::vector<Directive> Syntax::directives(Variables variables) {
  std::vector<Directive> result;
  while (is(TokenKind::at)) {
    Directive one{.name = {}, .arguments = {}, .at = token_.at};
    advance();
    one.name = name();
    one.arguments = arguments(variables);
    result.push_back(std::move(one));
  }
  return result;
}

TypeRef Syntax::type_ref() {
  TypeRef result;
  result.at = token_.at;
  if (enter()) {
    if (accept(TokenKind::bracket_l)) {
      result.element.push_back(type_ref());
      expect(TokenKind::bracket_r);
    } else {
      result.name = name();
    }
    result.is_non_null = accept(TokenKind::bang);
  }
  leave();
  return result;
}

}  // namespace holdfast::graphql
