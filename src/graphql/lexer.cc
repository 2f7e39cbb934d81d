#include "graphql/lexer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "graphql/utf8.h"

namespace holdfast::graphql {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_name_start(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_name_continue(char c) noexcept { return is_name_start(c) || is_digit(c); }

/// The kind of a punctuator of one character; invalid when it is none.
constexpr TokenKind punctuator(char c) noexcept {
  switch (c) {
    case '!': return TokenKind::bang;
    case '$': return TokenKind::dollar;
    case '&': return TokenKind::amp;
    case '(': return TokenKind::paren_l;
    case ')': return TokenKind::paren_r;
    case ':': return TokenKind::colon;
    case '=': return TokenKind::equals;
    case '@': return TokenKind::at;
    case '[': return TokenKind::bracket_l;
    case ']': return TokenKind::bracket_r;
    case '{': return TokenKind::brace_l;
    case '|': return TokenKind::pipe;
    case '}': return TokenKind::brace_r;
    default: return TokenKind::invalid;
  }
}

}  // namespace

std::string described(TokenKind kind) {
  static constexpr std::array<std::string_view, 21> words = {
      "<EOF>", "\"!\"", "\"$\"", "\"&\"", "\"(\"", "\")\"", "\"...\"", "\":\"",  "\"=\"",       "\"@\"",  "\"[\"",
      "\"]\"", "\"{\"", "\"|\"", "\"}\"", "Name",  "Int",   "Float",   "String", "BlockString", "Invalid"};
  return std::string(words[static_cast<std::size_t>(kind)]);
}

std::string described(const Token& token) {
  std::string text = described(token.kind);
  if (token.kind == TokenKind::string || token.kind == TokenKind::block_string) return text + " \"" + token.value + '"';
  if (token.kind >= TokenKind::name) return text.append(" \"").append(token.text).append("\"");
  return text;
}

Lexer::Lexer(std::string_view text, std::uint32_t source) noexcept : text_(text), source_(source) {
  if (text_.starts_with(byte_order_mark)) position_ = line_start_ = byte_order_mark.size();
}

char Lexer::peek(std::size_t ahead) const noexcept {
  return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
}

bool Lexer::starts_with(std::string_view expected) const noexcept {
  return text_.substr(position_).starts_with(expected);
}

void Lexer::start_line(std::size_t offset) noexcept {
  ++line_;
  line_start_ = offset;
}

void Lexer::skip_ignored() noexcept {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == ' ' || c == '\t' || c == ',') {
      ++position_;
    } else if (c == '\n' || c == '\r') {
      position_ += c == '\r' && peek(1) == '\n' ? 2 : 1;
      start_line(position_);
    } else if (c == '#') {
      position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
    } else if (starts_with(byte_order_mark)) {
      position_ += byte_order_mark.size();
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  skip_ignored();
  if (position_ >= text_.size()) return take(TokenKind::end_of_file, 0);
  const char c = text_[position_];
  if (is_name_start(c)) return read_name();
  if (const auto kind = punctuator(c); kind != TokenKind::invalid) return take(kind, 1);
  if (is_digit(c) || c == '-') return read_number();
  if (starts_with("...")) return take(TokenKind::spread, 3);
  if (starts_with("\"\"\"")) return read_block_string();
  if (c == '"') return read_string();
  if (c == '\'') {
    return fail(position_, "Unexpected single quote character ('), did you mean to use a double quote (\")?");
  }
  const bool is_text = code_point_at(text_, position_).size > 0;
  return fail(position_, (is_text ? "Unexpected character: " : "Invalid character: ") + shown(position_) + ".");
}

Token Lexer::take(TokenKind kind, std::size_t size) noexcept {
  Token token{.kind = kind, .text = text_.substr(position_, size), .value = {}, .at = {}};
  token.at = {line_, static_cast<std::uint32_t>(1 + position_ - line_start_), source_};
  position_ += size;
  return token;
}

// The place may lie behind line ends that the current token contains, so it is counted from the token's start.
Token Lexer::fail(std::size_t offset, std::string complaint) const {
  Location at{line_, 0, source_};
  std::size_t line_start = line_start_;
  for (std::size_t here = position_; here < offset; ++here) {
    const bool ends_line = text_[here] == '\n' || (text_[here] == '\r' && part(here + 1, 1) != "\n");
    if (!ends_line) continue;
    ++at.line;
    line_start = here + 1;
  }
  at.column = static_cast<std::uint32_t>(1 + offset - line_start);
  return {.kind = TokenKind::invalid, .text = {}, .value = std::move(complaint), .at = at};
}

std::string Lexer::shown(std::size_t offset) const {
  if (offset >= text_.size()) return "<EOF>";
  const auto [point, size] = code_point_at(text_, offset);
  if (size > 0 && point >= 0x20 && point <= 0x7E) {
    return point == '"' ? "'\"'" : std::string{'"', text_[offset], '"'};
  }
  std::array<char, 16> text{};
  const auto byte = static_cast<unsigned char>(text_[offset]);
  const int length = size > 0 ? std::snprintf(text.data(), text.size(), "U+%04X", point)
                              : std::snprintf(text.data(), text.size(), "byte 0x%02X", unsigned{byte});
  return {text.data(), static_cast<std::size_t>(length)};
}

Token Lexer::read_name() noexcept {
  std::size_t size = 1;
  while (is_name_continue(peek(size))) ++size;
  return take(TokenKind::name, size);
}

bool Lexer::is_digit_at(std::size_t offset) const noexcept { return offset < text_.size() && is_digit(text_[offset]); }

std::size_t Lexer::after_digits(std::size_t offset) const noexcept {
  while (is_digit_at(offset)) ++offset;
  return offset;
}

Token Lexer::read_number() {
  const auto at = [this](std::size_t offset) { return offset < text_.size() ? text_[offset] : '\0'; };
  const auto no_digit = [this](std::size_t offset) {
    return fail(offset, "Invalid number, expected digit but got: " + shown(offset) + ".");
  };
  std::size_t end = position_ + (at(position_) == '-' ? 1 : 0);
  if (!is_digit_at(end)) return no_digit(end);
  if (at(end) == '0' && is_digit_at(end + 1)) {
    return fail(end + 1, "Invalid number, unexpected digit after 0: " + shown(end + 1) + ".");
  }
  end = after_digits(end);
  auto kind = TokenKind::integer;
  if (at(end) == '.') {
    kind = TokenKind::floating;
    if (!is_digit_at(++end)) return no_digit(end);
    end = after_digits(end);
  }
  if (at(end) == 'e' || at(end) == 'E') {
    kind = TokenKind::floating;
    ++end;
    if (at(end) == '+' || at(end) == '-') ++end;
    if (!is_digit_at(end)) return no_digit(end);
    end = after_digits(end);
  }
  if (at(end) == '.' || is_name_start(at(end))) return no_digit(end);
  return take(kind, end - position_);
}

}  // namespace holdfast::graphql
