#include "base/transport.h"

#include "base/bytes.h"

namespace holdfast {

const std::string* header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

}  // namespace holdfast
