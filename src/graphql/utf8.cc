#include "graphql/utf8.h"

#include <array>

namespace holdfast::graphql {
namespace {

// The smallest code point that needs this many bytes; smaller ones in that many bytes are overlong.
constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};

std::size_t size_of_sequence(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t offset) noexcept {
  if (offset >= text.size()) return {};
  const auto lead = static_cast<unsigned char>(text[offset]);
  const std::size_t size = size_of_sequence(lead);
  if (size == 1) return {lead, 1};
  if (size == 0 || text.size() - offset < size) return {};
  std::uint32_t point = lead & (0x7Fu >> size);
  for (std::size_t at = 1; at < size; ++at) {
    const auto next = static_cast<unsigned char>(text[offset + at]);
    if ((next & 0xC0u) != 0x80u) return {};
    point = (point << 6) | (next & 0x3Fu);
  }
  if (point < smallest[size] || !is_scalar_value(point)) return {};
  return {point, size};
}

void append_utf8(std::uint32_t point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0u | (point >> 6));
    put(0x80u | (point & 0x3Fu));
  } else if (point < 0x10000) {
    put(0xE0u | (point >> 12));
    put(0x80u | ((point >> 6) & 0x3Fu));
    put(0x80u | (point & 0x3Fu));
  } else {
    put(0xF0u | (point >> 18));
    put(0x80u | ((point >> 12) & 0x3Fu));
    put(0x80u | ((point >> 6) & 0x3Fu));
    put(0x80u | (point & 0x3Fu));
  }
}

}  // namespace holdfast::graphql
