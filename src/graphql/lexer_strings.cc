// The lexer's strings: quoted ones with escapes, and block strings.
#include <algorithm>
#include <utility>
#include <vector>

#include "graphql/block_string.h"
#include "graphql/lexer.h"
#include "graphql/utf8.h"

namespace holdfast::graphql {
namespace {

constexpr std::string_view triple_quote = "\"\"\"";
constexpr std::uint32_t no_number = 0xFFFFFFFF;

constexpr std::uint32_t hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A') + 10;
  return no_number;
}

/// The number that `digits` spell; no_number when they are none, or more than eight.
std::uint32_t hex_number(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > 8) return no_number;
  std::uint32_t number = 0;
  for (const char c : digits) {
    const auto digit = hex_digit(c);
    if (digit == no_number) return no_number;
    number = (number << 4) | digit;
  }
  return number;
}

constexpr bool is_leading_surrogate(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool is_trailing_surrogate(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The character that a backslash and `c` stand for; 0 when they stand for none.
constexpr char escaped(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

}  // namespace

Token Lexer::read_string() {
  std::string content;
  std::size_t offset = position_ + 1;
  while (offset < text_.size() && text_[offset] != '\n' && text_[offset] != '\r') {
    const char c = text_[offset];
    if (c == '"') {
      auto token = take(TokenKind::string, offset + 1 - position_);
      token.value = std::move(content);
      return token;
    }
    if (c == '\\') {
      if (!read_escape(offset, content)) return fail(offset, std::move(content));
      continue;
    }
    const auto size = code_point_at(text_, offset).size;
    if (size == 0) return fail(offset, "Invalid character within String: " + shown(offset) + ".");
    content.append(text_, offset, size);
    offset += size;
  }
  return fail(offset, "Unterminated string.");
}

/// Reads the escape at `offset` and moves behind it; on failure `content` becomes the complaint.
bool Lexer::read_escape(std::size_t& offset, std::string& content) const {
  if (part(offset + 1, 1) == "u") return read_unicode_escape(offset, content);
  const char meant = offset + 1 < text_.size() ? escaped(text_[offset + 1]) : '\0';
  if (meant == '\0') {
    content = "Invalid character escape sequence: \"" + std::string(part(offset, 2)) + "\".";
    return false;
  }
  content.push_back(meant);
  offset += 2;
  return true;
}

bool Lexer::read_unicode_escape(std::size_t& offset, std::string& content) const {
  std::uint32_t point = no_number;
  std::size_t size = 6;  // \uXXXX
  if (part(offset + 2, 1) == "{") {
    // At most \u{00000000}; what is longer is quoted only as far as it was looked at.
    const auto digits = part(offset + 3, 9);
    const auto end = std::min(digits.find('}'), digits.size());
    const auto wrong = static_cast<std::size_t>(
        std::find_if(digits.begin(), digits.end(), [](char c) { return hex_digit(c) == no_number; }) - digits.begin());
    size = std::min<std::size_t>(std::min(end, wrong) + 4, 12);
    if (end < digits.size() && end == wrong) point = hex_number(digits.substr(0, end));
  } else {
    const auto four = part(offset + 2, 4);
    if (four.size() == 4) point = hex_number(four);
    const auto second = part(offset + 6, 6);
    if (is_leading_surrogate(point) && second.size() == 6 && second.starts_with("\\u")) {
      const auto trailing = hex_number(second.substr(2));
      if (is_trailing_surrogate(trailing)) {
        point = 0x10000 + ((point - 0xD800) << 10) + (trailing - 0xDC00);
        size = 12;
      }
    }
  }
  if (!is_scalar_value(point)) {
    content = "Invalid Unicode escape sequence: \"" + std::string(part(offset, size)) + "\".";
    return false;
  }
  append_utf8(point, content);
  offset += size;
  return true;
}

Token Lexer::read_block_string() {
  std::vector<std::string> lines(1);
  std::size_t offset = position_ + 3;
  std::size_t last_line_start = line_start_;
  while (offset < text_.size()) {
    const auto rest = text_.substr(offset);
    if (rest.starts_with(triple_quote)) {
      auto token = take(TokenKind::block_string, offset + 3 - position_);
      token.value = dedented(lines);
      line_ += static_cast<std::uint32_t>(lines.size() - 1);
      line_start_ = last_line_start;
      return token;
    }
    if (rest.starts_with("\\\"\"\"")) {
      lines.back() += triple_quote;
      offset += 4;
    } else if (rest.front() == '\n' || rest.front() == '\r') {
      offset += rest.starts_with("\r\n") ? 2 : 1;
      lines.emplace_back();
      last_line_start = offset;
    } else {
      const auto size = code_point_at(text_, offset).size;
      if (size == 0) return fail(offset, "Invalid character within String: " + shown(offset) + ".");
      lines.back().append(text_, offset, size);
      offset += size;
    }
  }
  return fail(offset, "Unterminated string.");
}

}  // namespace holdfast::graphql
