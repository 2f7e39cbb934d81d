// The part of a text that JSON writes as it stands.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace holdfast::json {

inline bool is_plain(unsigned char byte) noexcept { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

/// The tops of those of eight bytes that are not plain; above the lowest of them, also of others.
inline std::uint64_t tops_of_others(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t tops = 0x80 * ones;
  const auto zeros = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes; };
  return (word | (word - 0x20 * ones) | zeros(word ^ ('"' * ones)) | zeros(word ^ ('\\' * ones))) & tops;
}

/// How many bytes at the front of `text` are ASCII without controls, quotes and backslashes.
inline std::size_t plain_length(std::string_view text) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    // As signed numbers, controls and what is not ASCII are both less than a space.
    const auto others = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    const auto places = static_cast<std::uint32_t>(_mm_movemask_epi8(others));
    if (places != 0) return at + static_cast<std::size_t>(std::countr_zero(places));
  }
#endif
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    const auto others = tops_of_others(word);
    if (others == 0) continue;
    if constexpr (std::endian::native != std::endian::little) break;
    return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
  }
  while (at < text.size() && is_plain(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

}  // namespace holdfast::json
