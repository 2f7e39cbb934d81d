#include "base/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace holdfast {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Longer texts are no dates: "Wednesday, 06-Nov-94 08:49:37 GMT" has 33 letters.
constexpr std::size_t letters_max = 40;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" ,-:"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" has the shape "a, 99 a 9999 99:99:99 a".
std::string shape_of(std::string_view text) {
  std::string shape;
  for (const char one : text) {
    const bool is_letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
    const char kind = is_letter ? 'a' : one >= '0' && one <= '9' ? '9' : one;
    if (!is_letter || shape.empty() || shape.back() != 'a') shape += kind;
  }
  return shape;
}

bool has_known_shape(std::string_view text) {
  constexpr std::array<std::string_view, 4> shapes{"a, 99 a 9999 99:99:99 a", "a, 99-a-99 99:99:99 a",
                                                   "a a 99 99:99:99 9999", "a a  9 99:99:99 9999"};
  return std::find(shapes.begin(), shapes.end(), shape_of(text)) != shapes.end();
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

struct Parts {
  std::string_view year, month, day, hour, minute, second;
};

std::optional<Parts> parts_of(const std::vector<std::string_view>& words) {
  if (words.size() == 7) return Parts{words[6], words[1], words[2], words[3], words[4], words[5]};
  if (words.size() != 8 || words[7] != "GMT") return std::nullopt;
  return Parts{words[3], words[2], words[1], words[4], words[5], words[6]};
}

int year_of(std::string_view digits) {
  const int year = number(digits);
  if (digits.size() == 4) return year;
  return year + (year > 50 ? 1900 : 2000);
}

}  // namespace

std::optional<Instant> read_http_date(std::string_view text) {
  if (text.size() > letters_max || !has_known_shape(text)) return std::nullopt;
  const auto parts = parts_of(words_of(text));
  if (!parts) return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), parts->month);
  const int year = year_of(parts->year), day = number(parts->day);
  const int hour = number(parts->hour), minute = number(parts->minute), second = number(parts->second);
  // The sixtieth second is a leap second's.
  if (month == months.end() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::optional<Instant> date_of(const Headers& headers) {
  const auto* text = header(headers, "date");
  return text ? read_http_date(*text) : std::nullopt;
}

}  // namespace holdfast
