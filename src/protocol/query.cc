#include "protocol/query.h"

#include <algorithm>

#include "base/bytes.h"

namespace holdfast::protocol {

std::optional<std::string> query_parameter(std::string_view target, std::string_view name) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  for (std::string_view rest = target.substr(mark + 1); !rest.empty();) {
    std::string_view value = next_part(rest, '&');
    if (next_part(value, '=') == name) return percent_decoded(value);
  }
  return std::nullopt;
}

std::string_view next_part(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

}  // namespace holdfast::protocol
