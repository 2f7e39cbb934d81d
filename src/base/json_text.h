// JSON text as write() writes it: what json.cc and json_rows.cc share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "holdfast/value.h"

namespace holdfast::json {

void write_integer(std::int64_t value, std::string& out);
void write_floating(double value, std::string& out);

/// A value that stands in a text; `size` is 0 for none.
struct Token {
  std::size_t size = 0;
  Value::Kind kind = Value::Kind::null;
};

/// The value at the front of `text`, if it stands there to the letter as write() would write it. Members of equal names
/// are not looked for.
Token written_token(std::string_view text);

}  // namespace holdfast::json
