#include "model/temporal_order.h"

#include <cstdint>

#include "holdfast/temporal.h"

namespace holdfast {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

/// Makes every second of the years 0 to 9999 in any offset positive, and some before.
constexpr std::int64_t second_bias = std::int64_t{1} << 37U;

void append(std::string& key, std::uint64_t number, unsigned bytes) {
  while (bytes-- > 0) key += static_cast<char>(number >> (8 * bytes));
}

std::string key_of(seconds second, nanoseconds fraction) {
  std::string key;
  append(key, static_cast<std::uint64_t>(second.count() + second_bias), 5);
  append(key, static_cast<std::uint64_t>(fraction.count()), 4);
  return key;
}

}  // namespace

bool has_time_order(const FieldSchema& field) noexcept {
  return field.kind == FieldKind::scalar && !field.is_list &&
         (field.scalar == Scalar::aws_date_time || field.scalar == Scalar::aws_time);
}

std::optional<std::string> time_key(std::string_view text) {
  constexpr std::size_t date_size = 10;
  if (text.size() > date_size && text[date_size] == 'T') {
    const auto at = read_date_time(text);
    return at ? std::optional(key_of(at->second.time_since_epoch(), at->fraction)) : std::nullopt;
  }
  const auto time = read_time(text);
  if (!time) return std::nullopt;
  const auto second = std::chrono::floor<seconds>(time->since_midnight);
  return key_of(second - time->offset.value_or(seconds(0)), time->since_midnight - second);
}

Value order_value(const FieldSchema& field, const Value& value) {
  if (!has_time_order(field)) return value;
  const auto* text = value.as_string();
  auto key = text ? time_key(*text) : std::nullopt;
  return key ? Value(*std::move(key)) : Value();
}

}  // namespace holdfast
