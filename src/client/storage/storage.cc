#include "client/storage/storage.h"

#include <array>

namespace holdfast::client {

std::string_view name(Operation operation) noexcept {
  constexpr std::array<std::string_view, 3> words{"create", "update", "delete"};
  return words.at(static_cast<std::size_t>(operation));
}

}  // namespace holdfast::client
