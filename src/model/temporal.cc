#include "holdfast/temporal.h"

#include <algorithm>

#include "model/scalar_text.h"

namespace holdfast {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Reads a text from the left.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool take(char letter) {
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` digits, with a value from low to high; -1 when it is not so.
  int number(std::size_t digits, int low, int high) {
    if (rest_.size() < digits) return -1;
    int value = 0;
    for (const char letter : rest_.substr(0, digits)) {
      if (!is_digit(letter)) return -1;
      value = value * 10 + (letter - '0');
    }
    rest_.remove_prefix(digits);
    return value >= low && value <= high ? value : -1;
  }
  std::string_view take_digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto digits = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(digits.size());
    return digits;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool take_date(Cursor& at, std::chrono::year_month_day& day) {
  const int year = at.number(4, 0, 9999);
  if (year < 0 || !at.take('-')) return false;
  const int month = at.number(2, 1, 12);
  if (month < 0 || !at.take('-')) return false;
  const int of_month = at.number(2, 1, 31);
  if (of_month < 0) return false;
  day = std::chrono::year(year) / month / of_month;
  return day.ok();
}

bool take_fraction(Cursor& at, nanoseconds& time) {
  const auto digits = at.take_digits();
  if (digits.empty() || digits.size() > 9) return false;
  std::int64_t value = 0;
  for (std::size_t place = 0; place < 9; ++place) {
    value = value * 10 + (place < digits.size() ? digits[place] - '0' : 0);
  }
  time += nanoseconds(value);
  return true;
}

bool take_time(Cursor& at, nanoseconds& time) {
  const int hour = at.number(2, 0, 23);
  if (hour < 0 || !at.take(':')) return false;
  const int minute = at.number(2, 0, 59);
  if (minute < 0) return false;
  time = hours(hour) + minutes(minute);
  if (!at.take(':')) return true;
  const int second = at.number(2, 0, 59);
  if (second < 0) return false;
  time += seconds(second);
  return !at.take('.') || take_fraction(at, time);
}

bool take_offset(Cursor& at, seconds& offset) {
  offset = seconds(0);
  if (at.take('Z')) return true;
  const bool is_west = at.take('-');
  if (!is_west && !at.take('+')) return false;
  const int hour = at.number(2, 0, 18);
  if (hour < 0 || !at.take(':')) return false;
  const int minute = at.number(2, 0, 59);
  if (minute < 0) return false;
  const int second = at.take(':') ? at.number(2, 0, 59) : 0;
  if (second < 0) return false;
  offset = hours(hour) + minutes(minute) + seconds(second);
  if (is_west) offset = -offset;
  return true;
}

bool take_offset(Cursor& at, std::optional<seconds>& offset) {
  return at.at_end() || take_offset(at, offset.emplace());
}

Error wrong(Scalar scalar, std::string_view text) {
  return {Code::invalid_argument, "\"" + std::string(text.substr(0, 60)) + "\" is not an " +
                                      std::string(graphql_name(scalar)) + " " + std::string(scalar_form(scalar))};
}

std::string padded(std::int64_t number, std::size_t width) {
  auto digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::string text_of(const std::chrono::year_month_day& day) {
  return padded(int(day.year()), 4) + "-" + padded(unsigned(day.month()), 2) + "-" + padded(unsigned(day.day()), 2);
}

std::string clock_text(seconds time) {
  const auto count = time.count();
  return padded(count / 3600, 2) + ":" + padded(count / 60 % 60, 2) + ":" + padded(count % 60, 2);
}

std::string text_of(nanoseconds time) {
  const auto whole = std::chrono::floor<seconds>(time);
  auto out = clock_text(whole);
  auto fraction = padded((time - whole).count(), 9);
  while (fraction.ends_with("000")) fraction.resize(fraction.size() - 3);
  return fraction.empty() ? out : out + "." + fraction;
}

std::string text_of(seconds offset) {
  if (offset == seconds(0)) return "Z";
  auto text = clock_text(std::chrono::abs(offset));
  if (text.ends_with(":00")) text.resize(text.size() - 3);
  return (offset < seconds(0) ? "-" : "+") + text;
}

std::string text_of(const std::optional<seconds>& offset) { return offset ? text_of(*offset) : ""; }

}  // namespace

Result<Date> read_date(std::string_view text) {
  Cursor at(text);
  Date date;
  if (take_date(at, date.day) && take_offset(at, date.offset) && at.at_end()) return date;
  return wrong(Scalar::aws_date, text);
}

Result<TimeOfDay> read_time(std::string_view text) {
  Cursor at(text);
  TimeOfDay time;
  if (take_time(at, time.since_midnight) && take_offset(at, time.offset) && at.at_end()) return time;
  return wrong(Scalar::aws_time, text);
}

Result<DateTime> read_date_time(std::string_view text) {
  Cursor at(text);
  std::chrono::year_month_day day;
  nanoseconds time{};
  DateTime out;
  if (!take_date(at, day) || !at.take('T') || !take_time(at, time) || !take_offset(at, out.offset) || !at.at_end()) {
    return wrong(Scalar::aws_date_time, text);
  }
  const auto whole = std::chrono::floor<seconds>(time);
  out.second = std::chrono::sys_days(day) + whole - out.offset;
  out.fraction = time - whole;
  return out;
}

std::string to_text(const Date& date) { return text_of(date.day) + text_of(date.offset); }
std::string to_text(const TimeOfDay& time) { return text_of(time.since_midnight) + text_of(time.offset); }

std::string to_text(const DateTime& at) {
  const auto local = at.second + at.offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return text_of(std::chrono::year_month_day(day)) + "T" + text_of(local - day + at.fraction) + text_of(at.offset);
}

}  // namespace holdfast
