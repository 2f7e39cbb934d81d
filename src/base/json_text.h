// JSON text as write() writes it: what json.cc and json_rows.cc share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/plain_text.h"
#include "holdfast/value.h"

namespace holdfast::json {

void write_integer(std::int64_t value, std::string& out);
void write_floating(double value, std::string& out);

/// A value that stands in a text; `size` is 0 for none.
struct Token {
  std::size_t size = 0;
  Value::Kind kind = Value::Kind::null;
};

/// As written_token(), of any value.
Token any_written_token(std::string_view text);

/// The value at the front of `text`, if it stands there to the letter as write() would write it. Members of equal names
/// are not looked for.
inline Token written_token(std::string_view text) {
  if (text.empty()) return {};
  if (text.front() == '"') {  // Most are strings with nothing to look at.
    const auto end = plain_length(text.substr(1)) + 1;
    if (end < text.size() && text[end] == '"') return {end + 1, Value::Kind::string};
  } else if (text.front() >= '1' && text.front() <= '9') {  // Most others are small numbers.
    constexpr std::size_t digits_max = 18;
    std::size_t digits = 1;
    while (digits < std::min(text.size(), digits_max) && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits < text.size() && (text[digits] == ',' || text[digits] == '}')) return {digits, Value::Kind::integer};
  }
  return any_written_token(text);
}

}  // namespace holdfast::json
