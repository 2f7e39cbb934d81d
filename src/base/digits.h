// Numbers as decimal text.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace holdfast::json {

inline constexpr std::size_t digits_max = 20;  ///< With the sign.

/// Writes eight digits to `at`. No digit waits for another.
inline void write_eight_digits(std::uint32_t number, char* at) noexcept {
  static constexpr auto pairs = [] {
    std::array<std::array<char, 2>, 100> all{};
    for (std::size_t each = 0; each < all.size(); ++each) {
      all[each] = {static_cast<char>('0' + each / 10), static_cast<char>('0' + each % 10)};
    }
    return all;
  }();
  const auto upper = number / 10'000;
  const auto lower = number % 10'000;
  for (const auto pair : {upper / 100, upper % 100, lower / 100, lower % 100}) {
    std::memcpy(at, pairs[pair].data(), 2);
    at += 2;
  }
}

/// As std::to_chars to `at`, where `digits_max` bytes are; gives the end. Instants in milliseconds take half its time.
inline char* write_digits(std::int64_t number, char* at) noexcept {
  constexpr std::int64_t eight = 100'000'000;
  const auto upper = number / eight;
  if (upper <= 0 || upper >= eight) return std::to_chars(at, at + digits_max, number).ptr;
  at = std::to_chars(at, at + digits_max, static_cast<std::uint32_t>(upper)).ptr;
  write_eight_digits(static_cast<std::uint32_t>(number % eight), at);
  return at + 8;
}

}  // namespace holdfast::json
