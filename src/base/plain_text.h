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

#ifdef __SSE2__
/// A bit for each of 16 bytes, the first the lowest: whether it is another.
inline std::uint32_t others_of_16(const char* text) noexcept {
  const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  // As signed numbers, controls and what is not ASCII are both less than a space.
  const auto others = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')),
                                   _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(others));
}
#endif

/// How many bytes at the front of `text` are ASCII without controls, quotes and backslashes.
inline std::size_t plain_length(std::string_view text) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const auto places = others_of_16(text.data() + at);
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

/// A bit for each of 64 bytes, the first the lowest: whether it is another.
inline std::uint64_t others_of_64(const char* text) noexcept {
  std::uint64_t others = 0;
#ifdef __SSE2__
  for (std::size_t at = 0; at < 64; at += 16) others |= std::uint64_t{others_of_16(text + at)} << at;
#else
  for (std::size_t at = 0; at < 64; ++at) {
    others |= std::uint64_t{!is_plain(static_cast<unsigned char>(text[at]))} << at;
  }
#endif
  return others;
}

/// The bytes of a text that are not plain, each looked at once. 64 zeros stand behind the text.
class OtherBytes {
 public:
  static constexpr std::size_t zeros = 64;
  explicit OtherBytes(const char* text) noexcept : text_(text), others_(others_of_64(text)) {}

  /// The place of the first one from `from` on, which is not before the place that was given last. The end of the text
  /// when there is none.
  std::size_t next(std::size_t from) noexcept {
    if (from >= window_ + 64) see(from / 64 * 64);
    auto left = others_ & (~std::uint64_t{0} << (from - window_));
    for (; left == 0; left = others_) see(window_ + 64);
    return window_ + static_cast<std::size_t>(std::countr_zero(left));
  }

 private:
  void see(std::size_t window) noexcept {
    window_ = window;
    others_ = others_of_64(text_ + window);
  }

  const char* text_;
  std::size_t window_ = 0;
  std::uint64_t others_;  ///< Of the 64 bytes from `window_` on.
};

}  // namespace holdfast::json
