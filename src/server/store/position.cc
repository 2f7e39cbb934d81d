#include "server/store/position.h"

#include <charconv>

namespace holdfast::server {

Result<std::int64_t> position_of(std::string_view after) {
  std::int64_t sequence = 0;
  if (after.empty()) return sequence;
  const char* const end = after.data() + after.size();
  const auto [stop, code] = std::from_chars(after.data(), end, sequence);
  if (code == std::errc() && stop == end && sequence >= 0) return sequence;
  return Error{Code::invalid_argument, "'" + std::string(after) + "' is not where a page ended; give a page's `next`"};
}

std::string position_text(std::int64_t sequence) { return std::to_string(sequence); }

}  // namespace holdfast::server
