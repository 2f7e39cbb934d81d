#include "base/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/plain_text.h"

namespace holdfast::json {
namespace {

// The length in bytes of the well-formed UTF-8 sequence at the front of `text`; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length < 2 || text.size() < length) return length == 1 ? 1 : 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies above U+10FFFF.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

void write_escaped(unsigned char byte, std::string& out) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u00";
  out += digits[byte >> 4U];
  out += digits[byte & 15U];
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Reads what write() has written, and nothing else: no spaces, one way to write each value.
class WrittenText {
 public:
  explicit WrittenText(std::string_view text) : text_(text) {}

  /// The token at `at`, which then stands behind it.
  Token value(std::size_t& at, std::size_t depth) const {
    const auto begin = at;
    const auto kind = kind_at(at);
    const bool is_whole = is_read(kind, at, depth);
    return is_whole ? Token{at - begin, number_kind(kind, begin, at)} : Token{};
  }

 private:
  [[nodiscard]] Value::Kind kind_at(std::size_t at) const {
    switch (at < text_.size() ? text_[at] : '\0') {
      case '"': return Value::Kind::string;
      case '[': return Value::Kind::list;
      case '{': return Value::Kind::object;
      case 't':
      case 'f': return Value::Kind::boolean;
      case 'n': return Value::Kind::null;
      default: return Value::Kind::integer;
    }
  }

  bool is_read(Value::Kind kind, std::size_t& at, std::size_t depth) const {
    switch (kind) {
      case Value::Kind::string: return string(at);
      case Value::Kind::list: return elements(at, depth);
      case Value::Kind::object: return members(at, depth);
      case Value::Kind::null: return word("null", at);
      case Value::Kind::boolean: return word("true", at) || word("false", at);
      default: return number(at);
    }
  }

  bool word(std::string_view expected, std::size_t& at) const {
    if (!text_.substr(std::min(at, text_.size())).starts_with(expected)) return false;
    at += expected.size();
    return true;
  }

  bool string(std::size_t& at) const {
    if (!word("\"", at)) return false;
    while (true) {
      at += plain_length(text_.substr(at));
      if (at >= text_.size()) return false;
      const auto rest = text_.substr(at);
      const auto length = rest.front() == '\\' ? escape_length(rest) : rest.front() == '"' ? 0 : sequence_length(rest);
      if (rest.front() == '"') return ++at, true;
      if (length == 0 || static_cast<unsigned char>(rest.front()) < 0x20) return false;
      at += length;
    }
  }

  /// 0 for one that write_escaped does not write.
  static std::size_t escape_length(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string again;
    if (text.size() < 2) return 0;
    switch (text[1]) {
      case 'n': again = "\n"; break;
      case 'r': again = "\r"; break;
      case 't': again = "\t"; break;
      case 'u': {
        if (text.size() < 6) return 0;
        const auto high = digits.find(text[4]);
        const auto low = digits.find(text[5]);
        if (high == std::string_view::npos || low == std::string_view::npos) return 0;
        again = static_cast<char>(high * 16 + low);
        break;
      }
      default: again = text[1];
    }
    std::string written;
    write_escaped(static_cast<unsigned char>(again.front()), written);
    return text.starts_with(written) ? written.size() : 0;
  }

  bool number(std::size_t& at) const {
    const auto begin = at;
    while (at < text_.size() &&
           (is_digit(text_[at]) || std::string_view("+-.e").find(text_[at]) != std::string_view::npos)) {
      ++at;
    }
    const auto token = text_.substr(begin, at - begin);
    const auto digits = token.substr(token.starts_with('-') ? 1 : 0);
    const bool is_short = digits.size() < 19 && std::all_of(digits.begin(), digits.end(), is_digit);
    if (is_short) return !digits.empty() && (digits.front() != '0' || token == "0");
    double value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc() || end != token.data() + token.size()) return false;
    std::string again;
    write_floating(value, again);
    return again == token;
  }

  [[nodiscard]] Value::Kind number_kind(Value::Kind kind, std::size_t begin, std::size_t end) const {
    if (kind != Value::Kind::integer) return kind;
    const auto token = text_.substr(begin, end - begin);
    return token.find_first_of(".e") == std::string_view::npos ? kind : Value::Kind::floating;
  }

  bool elements(std::size_t& at, std::size_t depth) const {
    if (depth == depth_max) return false;
    ++at;
    if (word("]", at)) return true;
    do {
      if (value(at, depth + 1).size == 0) return false;
    } while (word(",", at));
    return word("]", at);
  }

  bool members(std::size_t& at, std::size_t depth) const {
    if (depth == depth_max) return false;
    ++at;
    if (word("}", at)) return true;
    do {
      if (!string(at) || !word(":", at) || value(at, depth + 1).size == 0) return false;
    } while (word(",", at));
    return word("}", at);
  }

  std::string_view text_;
};

}  // namespace

void write_integer(std::int64_t value, std::string& out) {
  std::array<char, 24> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void write_floating(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  out += digits;
  // A double stays a double when it is read back.
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void write_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto plain = plain_length(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    const auto length = sequence_length(text);
    if (byte < 0x80) {
      write_escaped(byte, out);
    } else if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

Token written_token(std::string_view text) {
  std::size_t at = 0;
  return WrittenText(text).value(at, 1);
}

}  // namespace holdfast::json
