// Operations, fragments and selections.
#include <utility>

#include "graphql/syntax.h"

namespace holdfast::graphql {

Document Syntax::document() {
  Document result;
  do {
    executable_definition(result);
  } while (!failure() && !is(TokenKind::end_of_file));
  return result;
}

void Syntax::executable_definition(Document& document) {
  if (is(TokenKind::brace_l) || is_keyword("query") || is_keyword("mutation") || is_keyword("subscription")) {
    document.operations.push_back(operation());
  } else if (is_keyword("fragment")) {
    document.fragments.push_back(fragment());
  } else {
    unexpected(token_);
  }
}

Operation Syntax::operation() {
  Operation result;
  result.at = token_.at;
  if (!is(TokenKind::brace_l)) {
    result.type = operation_type();
    if (is(TokenKind::name)) result.name = name();
    optional_many(TokenKind::paren_l, TokenKind::paren_r, [&] { result.variables.push_back(variable_definition()); });
    result.directives = directives(Variables::allowed);
  }
  result.selections = selection_set();
  return result;
}

OperationType Syntax::operation_type() {
  if (accept_keyword("query")) return OperationType::query;
  if (accept_keyword("mutation")) return OperationType::mutation;
  if (accept_keyword("subscription")) return OperationType::subscription;
  if (!is(TokenKind::name)) expect(TokenKind::name);
  unexpected(token_);
  return OperationType::query;
}

VariableDefinition Syntax::variable_definition() {
  VariableDefinition result;
  result.at = token_.at;
  expect(TokenKind::dollar);
  result.name = name();
  expect(TokenKind::colon);
  result.type = type_ref();
  if (accept(TokenKind::equals)) result.default_value = value(Variables::refused);
  result.directives = directives(Variables::refused);
  return result;
}

Fragment Syntax::fragment() {
  Fragment result;
  result.at = token_.at;
  expect_keyword("fragment");
  result.name = fragment_name();
  expect_keyword("on");
  result.type_condition = name();
  result.directives = directives(Variables::allowed);
  result.selections = selection_set();
  return result;
}

std::string Syntax::fragment_name() {
  if (is_keyword("on")) unexpected(token_);
  return name();
}

std::vector<Selection> Syntax::selection_set() {
  std::vector<Selection> result;
  if (enter()) many(TokenKind::brace_l, TokenKind::brace_r, [&] { result.push_back(selection()); });
  leave();
  return result;
}

Selection Syntax::selection() { return is(TokenKind::spread) ? spread() : field(); }

Selection Syntax::field() {
  Selection result;
  result.at = token_.at;
  result.name = name();
  if (accept(TokenKind::colon)) {
    result.alias = std::move(result.name);
    result.name = name();
  }
  result.arguments = arguments(Variables::allowed);
  result.directives = directives(Variables::allowed);
  if (is(TokenKind::brace_l)) result.selections = selection_set();
  return result;
}

Selection Syntax::spread() {
  Selection result;
  result.at = token_.at;
  expect(TokenKind::spread);
  const bool has_condition = accept_keyword("on");
  if (!has_condition && is(TokenKind::name)) {
    result.kind = Selection::Kind::fragment_spread;
    result.name = fragment_name();
    result.directives = directives(Variables::allowed);
    return result;
  }
  result.kind = Selection::Kind::inline_fragment;
  if (has_condition) result.type_condition = name();
  result.directives = directives(Variables::allowed);
  result.selections = selection_set();
  return result;
}

}  // namespace holdfast::graphql
