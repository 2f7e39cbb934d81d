// The AWS scalars of time as std::chrono's types, to calculate and to compare with.
//
// Records hold the texts as they were written, to the nanosecond and with their offset, and so does the wire. Queries and
// observers order date-times and times as points in time; equality, the conditions of a save and the service compare the
// texts. Dates are ordered by their texts, and so by their days.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "holdfast/result.h"

namespace holdfast {

/// An AWSDate: `2026-01-31`, `2026-01-31Z`, `2026-01-31+01:00`. Arithmetic is that of std::chrono on `day`.
struct Date {
  std::chrono::year_month_day day{};
  std::optional<std::chrono::seconds> offset{};  ///< From UTC; none when the text has none.
  friend bool operator==(const Date&, const Date&) = default;
};

/// An AWSTime: `09:30`, `09:30:00.5Z`, `09:30:00+01:00`.
struct TimeOfDay {
  std::chrono::nanoseconds since_midnight{};     ///< Less than a day.
  std::optional<std::chrono::seconds> offset{};
  friend bool operator==(const TimeOfDay&, const TimeOfDay&) = default;
};

/// An AWSDateTime: `2026-01-31T09:30:00.5+01:00`. Equal when instant and offset are; ordered by instant().
struct DateTime {
  std::chrono::sys_seconds second{};             ///< UTC.
  std::chrono::nanoseconds fraction{};           ///< Of the second: 0 or more, less than one.
  std::chrono::seconds offset{};                 ///< In which it is written.

  /// Compares as the points in time do, whatever their offsets.
  [[nodiscard]] std::pair<std::chrono::sys_seconds, std::chrono::nanoseconds> instant() const { return {second, fraction}; }
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// Reads what the scalar of that name takes. Code: invalid_argument, with an example of the form.
Result<Date> read_date(std::string_view text);
Result<TimeOfDay> read_time(std::string_view text);
Result<DateTime> read_date_time(std::string_view text);

/// The text for a field: seconds always, a fraction of 3, 6 or 9 digits where there is one, `Z` for an offset of zero.
/// A year outside 0 … 9999 or an offset beyond 18:59:59 makes a text that no save takes.
std::string to_text(const Date& date);
std::string to_text(const TimeOfDay& time);
std::string to_text(const DateTime& at);

/// An AWSTimestamp is a number of seconds.
constexpr std::int64_t to_timestamp(std::chrono::sys_seconds at) { return at.time_since_epoch().count(); }
constexpr std::chrono::sys_seconds from_timestamp(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace holdfast
