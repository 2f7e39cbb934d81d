// Draw: a fuzzer's bytes as decisions. Runs out into zeros, so that every input means something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "holdfast/result.h"

namespace holdfast::fuzz {

class Draw {
 public:
  Draw(const std::uint8_t* bytes, std::size_t size) : at_(bytes), end_(bytes + size) {}

  [[nodiscard]] std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
  /// In [0, count); count from 1 to 256.
  [[nodiscard]] std::size_t below(std::size_t count) { return byte() % count; }
  [[nodiscard]] bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

inline std::string text_of(const std::uint8_t* bytes, std::size_t size) { return {bytes, bytes + size}; }

}  // namespace holdfast::fuzz
