#include "base/instant.h"

#include <array>
#include <cstdlib>

namespace holdfast {
namespace {

/// By hand, and without a text that grows, as each write has two of these: printf takes ten times as long. Gives the end.
char* put_digits(char* at, unsigned number, int digits) {
  char* const end = at + digits;
  for (char* digit = end; digit != at; number /= 10) *--digit = static_cast<char>('0' + number % 10);
  return end;
}

}  // namespace

std::string iso8601(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  const auto year = static_cast<int>(date.year());
  std::array<char, 26> text{};  // With a sign and a year of five digits: std::chrono knows none longer.
  char* end = text.data();
  if (year < 0) *end++ = '-';
  end = put_digits(end, static_cast<unsigned>(std::abs(year)), std::abs(year) > 9999 ? 5 : 4);
  const auto put = [&end](char before, auto number, int digits) {
    *end++ = before;
    end = put_digits(end, static_cast<unsigned>(number), digits);
  };
  put('-', static_cast<unsigned>(date.month()), 2);
  put('-', static_cast<unsigned>(date.day()), 2);
  put('T', time.hours().count(), 2);
  put(':', time.minutes().count(), 2);
  put(':', time.seconds().count(), 2);
  put('.', time.subseconds().count(), 3);
  *end++ = 'Z';
  return {text.data(), end};
}

}  // namespace holdfast
