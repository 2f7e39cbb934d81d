// JSON text to Value and back (RFC 8259). Parsing is simdjson's; writing is ours and streams.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::json {

/// At most this deep; deeper input is refused.
inline constexpr std::size_t depth_max = 200;

/// Integers that fit 64 signed bits become integers, other numbers doubles (exactly as strtod); one beyond a double is
/// refused. Of two equal member names the last wins. Code: malformed, with the byte offset when it is known.
Result<Value> parse(std::string_view text);

/// Compact text, no spaces; strings escaped minimally, invalid UTF-8 replaced by U+FFFD; NaN and infinities
/// become null.
std::string write(const Value& value);
/// Appends to `out`.
void write(const Value& value, std::string& out);
/// Appends `text` as a JSON string with its quotes.
void write_string(std::string_view text, std::string& out);

}  // namespace holdfast::json
