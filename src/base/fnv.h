// FNV-1a: tells what changed by accident. Who means harm finds another text with the same hash.
#pragma once

#include <cstdint>
#include <string_view>

namespace holdfast {

class Fnv1a {
 public:
  void bytes(std::string_view text) noexcept {
    for (const char each : text) {
      state_ ^= static_cast<unsigned char>(each);
      state_ *= 0x100000001b3U;
    }
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace holdfast
