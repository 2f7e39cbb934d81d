#include "graphql/parser.h"

#include <utility>

#include "graphql/syntax.h"

namespace holdfast::graphql {

Syntax::Syntax(std::string_view text, std::uint32_t source, std::size_t tokens_max)
    : lexer_(text, source), tokens_max_(tokens_max) {
  advance();
}

void Syntax::advance() {
  if (failure_) return;
  token_ = lexer_.next();
  if (token_.kind == TokenKind::invalid) return fail(token_.at, std::move(token_.value));
  if (token_.kind == TokenKind::end_of_file) return;
  if (++tokens_ > tokens_max_) {
    fail(token_.at, "Document has more than " + std::to_string(tokens_max_) + " tokens.");
  }
}

Token Syntax::lookahead() const {
  Lexer ahead = lexer_;
  return ahead.next();
}

bool Syntax::accept(TokenKind kind) {
  if (failure_ || !is(kind)) return false;
  advance();
  return true;
}

bool Syntax::accept_keyword(std::string_view word) {
  if (!is_keyword(word)) return false;
  advance();
  return true;
}

void Syntax::expect(TokenKind kind) {
  if (accept(kind)) return;
  fail(token_.at, "Expected " + described(kind) + ", found " + described(token_) + ".");
}

void Syntax::expect_keyword(std::string_view word) {
  if (accept_keyword(word)) return;
  fail(token_.at, "Expected \"" + std::string(word) + "\", found " + described(token_) + ".");
}

std::string Syntax::name() {
  std::string text(is(TokenKind::name) ? token_.text : std::string_view());
  expect(TokenKind::name);
  return text;
}

void Syntax::fail(const Location& at, std::string message) {
  if (failure_) return;
  failure_ = Diagnostic{.at = at, .message = "Syntax Error: " + std::move(message), .remedy = {}};
  token_ = Token{};
}

void Syntax::unexpected(const Token& token) { fail(token.at, "Unexpected " + described(token) + "."); }

bool Syntax::enter() {
  if (++depth_ > depth_max) fail(token_.at, "Document nests deeper than " + std::to_string(depth_max) + " levels.");
  return !failure_;
}

std::variant<Document, Diagnostic> parse_document(std::string_view text, std::size_t tokens_max) {
  Syntax syntax(text, 0, tokens_max);
  auto document = syntax.document();
  if (syntax.failure()) return *syntax.failure();
  return document;
}

std::variant<SchemaDocument, Diagnostic> parse_schema(std::string_view text, std::uint32_t source) {
  Syntax syntax(text, source);
  auto document = syntax.schema_document();
  if (syntax.failure()) return *syntax.failure();
  return document;
}

}  // namespace holdfast::graphql
