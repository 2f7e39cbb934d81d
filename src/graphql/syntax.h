// Syntax: the recursive-descent parser behind parser.h, cut into values, executable and type-system definitions.
// Private to the room.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/lexer.h"
#include "graphql/parser.h"

namespace holdfast::graphql {

/// Reads one text, token by token. The first problem is kept as `failure()`; from then on the current token is
/// the end of the file, so that every rule runs out without a special path and its result is thrown away.
class Syntax {
 public:
  Syntax(std::string_view text, std::uint32_t source,
         std::size_t tokens_max = std::numeric_limits<std::size_t>::max());

  Document document();
  SchemaDocument schema_document();
  [[nodiscard]] const std::optional<Diagnostic>& failure() const noexcept { return failure_; }

 private:
  // parser.cc: tokens
  void advance();
  [[nodiscard]] bool is(TokenKind kind) const noexcept { return token_.kind == kind; }
  [[nodiscard]] bool is_keyword(std::string_view word) const noexcept {
    return is(TokenKind::name) && token_.text == word;
  }
  [[nodiscard]] Token lookahead() const;
  bool accept(TokenKind kind);
  bool accept_keyword(std::string_view word);
  void expect(TokenKind kind);
  void expect_keyword(std::string_view word);
  std::string name();
  void fail(const Location& at, std::string message);
  void unexpected(const Token& token);
  bool enter();  ///< False, and failed, when nested too deeply; pair with leave().
  void leave() noexcept { --depth_; }

  /// `open item* close`.
  template <class Item>
  void any(TokenKind open, TokenKind close, Item&& item) {
    expect(open);
    while (!failure_ && !accept(close)) item();
  }
  /// `open item+ close`.
  template <class Item>
  void many(TokenKind open, TokenKind close, Item&& item) {
    expect(open);
    if (!failure_) do {
        item();
      } while (!failure_ && !accept(close));
  }
  template <class Item>
  void optional_many(TokenKind open, TokenKind close, Item&& item) {
    if (is(open)) many(open, close, item);
  }
  /// `delimiter? item (delimiter item)*`.
  template <class Item>
  void delimited(TokenKind delimiter, Item&& item) {
    accept(delimiter);
    do {
      item();
    } while (accept(delimiter));
  }

  // parse_values.cc
  enum class Variables : bool { refused, allowed };
  AstValue value(Variables variables);
  AstValue string_value();
  AstValue word_value();
  AstValue variable_value(Variables variables);
  AstValue list_value(Variables variables);
  AstValue object_value(Variables variables);
  AstField named_value(Variables variables);
  Arguments arguments(Variables variables);
  std::vector<Directive> directives(Variables variables);
  TypeRef type_ref();

  // parse_executable.cc
  void executable_definition(Document& document);
  Operation operation();
  OperationType operation_type();
  VariableDefinition variable_definition();
  Fragment fragment();
  std::string fragment_name();
  std::vector<Selection> selection_set();
  Selection selection();
  Selection field();
  Selection spread();

  // parse_types.cc
  void type_system_definition(SchemaDocument& document);
  std::string description();
  SchemaDefinition schema_definition(bool is_extension);
  DirectiveDefinition directive_definition();
  TypeDefinition type_definition(TypeKind kind, bool is_extension);
  void type_body(TypeDefinition& type);
  std::vector<std::string> interfaces();
  std::vector<FieldDefinition> field_definitions();
  FieldDefinition field_definition();
  std::vector<InputValue> input_values(TokenKind open, TokenKind close);
  InputValue input_value();
  EnumValue enum_value();
  std::string directive_location();

  Lexer lexer_;
  Token token_;
  std::optional<Diagnostic> failure_;
  std::size_t tokens_max_;
  std::size_t tokens_ = 0;
  int depth_ = 0;
};

}  // namespace holdfast::graphql
