#include "base/instant.h"

#include <cstdlib>

namespace holdfast {
namespace {

/// By hand, as each write has two of these: printf takes ten times as long.
void append_digits(std::string& text, unsigned number, int digits) {
  const auto begin = text.size();
  text.append(static_cast<std::size_t>(digits), '0');
  for (auto at = text.size(); at > begin; number /= 10) text[--at] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string iso8601(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  const auto year = static_cast<int>(date.year());
  std::string text;
  text.reserve(24);
  if (year < 0) text += '-';
  append_digits(text, static_cast<unsigned>(std::abs(year)), std::abs(year) > 9999 ? 5 : 4);
  const auto append = [&text](char before, auto number, int digits) {
    text += before;
    append_digits(text, static_cast<unsigned>(number), digits);
  };
  append('-', static_cast<unsigned>(date.month()), 2);
  append('-', static_cast<unsigned>(date.day()), 2);
  append('T', time.hours().count(), 2);
  append(':', time.minutes().count(), 2);
  append(':', time.seconds().count(), 2);
  append('.', time.subseconds().count(), 3);
  return text += 'Z';
}

}  // namespace holdfast
