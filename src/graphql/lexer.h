// Lexer: GraphQL text to tokens (October 2021, section 2.1), one at a time, without copying the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "graphql/ast.h"

namespace holdfast::graphql {

enum class TokenKind : std::uint8_t {
  end_of_file,
  bang,
  dollar,
  amp,
  paren_l,
  paren_r,
  spread,
  colon,
  equals,
  at,
  bracket_l,
  bracket_r,
  brace_l,
  pipe,
  brace_r,
  name,
  integer,
  floating,
  string,
  block_string,
  invalid,  ///< Not a token: `value` says why, as graphql-js does.
};

struct Token {
  TokenKind kind = TokenKind::end_of_file;
  std::string_view text = {};  ///< As written; points into the source.
  std::string value = {};      ///< The content of a string, or the complaint of an invalid token.
  Location at = {};
};

/// "<EOF>", "\"{\"", "Name \"title\"": as graphql-js calls a token in messages.
std::string described(const Token& token);
/// The same for a kind of token: "Name", "\"{\"".
std::string described(TokenKind kind);

/// Cheap to copy: a copy looks ahead. The text outlives the lexer and its tokens.
class Lexer {
 public:
  /// A byte order mark in front is skipped and not counted in columns.
  Lexer(std::string_view text, std::uint32_t source) noexcept;

  /// The next token; end_of_file for ever at the end. After an invalid token the lexer is of no further use.
  Token next();

 private:
  void skip_ignored() noexcept;
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept;
  /// At most `size` bytes from `offset`; fewer, or none, at the end of the text.
  [[nodiscard]] std::string_view part(std::size_t offset, std::size_t size) const noexcept {
    return offset < text_.size() ? text_.substr(offset, size) : std::string_view();
  }
  [[nodiscard]] bool starts_with(std::string_view expected) const noexcept;
  Token take(TokenKind kind, std::size_t size) noexcept;
  Token fail(std::size_t offset, std::string complaint) const;
  Token read_name() noexcept;
  Token read_number();
  Token read_string();
  Token read_block_string();
  bool read_escape(std::size_t& offset, std::string& content) const;
  bool read_unicode_escape(std::size_t& offset, std::string& content) const;
  [[nodiscard]] bool is_digit_at(std::size_t offset) const noexcept;
  [[nodiscard]] std::size_t after_digits(std::size_t offset) const noexcept;
  [[nodiscard]] std::string shown(std::size_t offset) const;
  void start_line(std::size_t offset) noexcept;

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t source_ = 0;
};

}  // namespace holdfast::graphql
