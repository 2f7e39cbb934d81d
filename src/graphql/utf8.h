// Code points in UTF-8 text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::graphql {

/// One code point and how many bytes it took. `size` 0: the bytes are not UTF-8 (or there are none).
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;
};

CodePoint code_point_at(std::string_view text, std::size_t offset) noexcept;
/// `point` is a Unicode scalar value.
void append_utf8(std::uint32_t point, std::string& out);
/// Not a surrogate, not beyond U+10FFFF.
constexpr bool is_scalar_value(std::uint32_t point) noexcept {
  return point < 0xD800 || (point > 0xDFFF && point <= 0x10FFFF);
}

}  // namespace holdfast::graphql
