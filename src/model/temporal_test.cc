#include "holdfast/temporal.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "holdfast/predicate.h"
#include "model/temporal_order.h"

namespace holdfast {
namespace {

using namespace std::chrono;

DateTime at(std::string_view text) { return read_date_time(text).value(); }

// T04, T05, T12: short, medium, long and full forms; printed in full, with as many digits as there are.
TEST(Temporals, AreReadInEveryFormAndPrintedInFull) {
  EXPECT_EQ(to_text(at("2026-01-31T09:30Z")), "2026-01-31T09:30:00Z");
  EXPECT_EQ(to_text(at("2026-01-31T09:30:05Z")), "2026-01-31T09:30:05Z");
  EXPECT_EQ(to_text(at("2026-01-31T09:30:05.5+01:00")), "2026-01-31T09:30:05.500+01:00");
  EXPECT_EQ(to_text(at("2026-01-31T09:30:05.123456789-03:30:15")), "2026-01-31T09:30:05.123456789-03:30:15");
  EXPECT_EQ(to_text(at("2026-01-31T00:30:00.000001+01:00")), "2026-01-31T00:30:00.000001+01:00");
  EXPECT_EQ(to_text(at("2026-01-31T09:30:00+00:00")), "2026-01-31T09:30:00Z");
  EXPECT_EQ(to_text(at("0000-01-01T00:00:00+18:00")), "0000-01-01T00:00:00+18:00");
  for (const auto* text : {"2026-01-31", "2026-01-31Z", "2026-01-31-11:00"}) EXPECT_EQ(to_text(*read_date(text)), text);
  EXPECT_EQ(to_text(*read_time("09:30")), "09:30:00");
  for (const auto* text : {"09:30:00Z", "23:59:59.999", "00:00:00+05:30"}) EXPECT_EQ(to_text(*read_time(text)), text);
}

// T11, T15
TEST(TemporalOrder, IsThatOfThePointsInTime) {
  const std::vector<const char*> rising{"0000-01-01T00:00:00+18:59:59", "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00Z",
                                        "2026-01-31T10:00:00+02:00",    "2026-01-31T09:00:00Z",           "2026-01-31T09:00:00.000000001Z",
                                        "2026-01-31T09:00:00.5Z",       "9999-12-31T23:59:59-18:59:59"};
  for (std::size_t later = 1; later < rising.size(); ++later) EXPECT_LT(time_key(rising[later - 1]), time_key(rising[later]));
  EXPECT_EQ(time_key("2026-01-31T10:00:00+01:00"), time_key("2026-01-31T09:00Z"));
  EXPECT_EQ(time_key("10:00:00+01:00"), time_key("09:00"));
  EXPECT_LT(time_key("00:30:00+01:00"), time_key("00:00:00.5"));
  for (const auto* text : {"", "soon", "2026-01-31", "2026-02-30T00:00Z", "24:00"}) EXPECT_EQ(time_key(text), std::nullopt);
}

// T15, defect-12: a query's order is that of time, a condition's that of the texts, as the service's; equality is always the texts'.
TEST(TemporalOrder, IsForQueriesAndNotForConditions) {
  ModelSchema model{.name = "Shift"};
  model.fields = {{.name = "from", .scalar = Scalar::aws_date_time}};
  Record shift(model);
  shift["from"] = "2026-01-31T10:00:00+02:00";
  const auto nine = [](Op op) { return Predicate::compare("from", op, {"2026-01-31T09:00:00Z"}); };
  EXPECT_TRUE(evaluate(nine(Op::lt), shift, TimeOrder::by_instant));
  EXPECT_FALSE(evaluate(nine(Op::lt), shift));
  shift["from"] = "2026-01-31T11:00:00+02:00";
  EXPECT_TRUE(evaluate(nine(Op::le), shift, TimeOrder::by_instant));
  EXPECT_TRUE(evaluate(nine(Op::ge), shift, TimeOrder::by_instant));
  EXPECT_FALSE(evaluate(nine(Op::eq), shift, TimeOrder::by_instant));
  shift["from"] = {};
  EXPECT_FALSE(evaluate(nine(Op::le), shift, TimeOrder::by_instant));
}

// T05
TEST(Temporals, SayWhatTheyNeed) {
  EXPECT_EQ(read_date("2026-02-30").error().message,
            "\"2026-02-30\" is not an AWSDate such as 2026-01-31, optionally with Z or an offset such as +01:00");
  EXPECT_EQ(read_time("").error().code, Code::invalid_argument);
  EXPECT_EQ(read_date_time("2026-01-31T09:30").error().code, Code::invalid_argument) << "without an offset it is no instant";
}

// T06, T07, T11: one instant in two offsets is one instant, and two values.
TEST(Temporals, OrderByInstantAndAreEqualWithTheirOffset) {
  const auto here = at("2026-01-31T09:30:00+01:00");
  const auto there = at("2026-01-31T08:30:00Z");
  EXPECT_EQ(here.instant(), there.instant());
  EXPECT_NE(here, there);
  EXPECT_EQ(here, at("2026-01-31T09:30:00.000+01:00"));
  EXPECT_LT(at("2026-01-31T09:29:59.999999999+01:00").instant(), there.instant());
  EXPECT_LT(at("2026-02-01T00:30:00+02:00").instant(), at("2026-01-31T23:00:00Z").instant()) << "though its text is greater";
  EXPECT_LT(read_date("2026-01-31")->day, read_date("2026-02-01")->day);
  EXPECT_LT(read_time("09:30")->since_midnight, read_time("09:30:00.000000001")->since_midnight);
  EXPECT_NE(*read_time("09:30"), *read_time("09:30Z"));
}

// T08: the arithmetic is std::chrono's.
TEST(Temporals, AreCalculatedWithAsChronoDoes) {
  auto date = read_date("2024-02-28").value();
  date.day = sys_days(date.day) + days(1);
  EXPECT_EQ(to_text(date), "2024-02-29");
  date.day += years(1);
  EXPECT_FALSE(date.day.ok());
  date.day = date.day.year() / date.day.month() / last;
  EXPECT_EQ(to_text(date), "2025-02-28");
  auto when = at("2023-12-31T23:59:59.5+01:00");
  when.second += seconds(1);
  EXPECT_EQ(to_text(when), "2024-01-01T00:00:00.500+01:00");
  when.second -= days(306);
  EXPECT_EQ(to_text(when), "2023-03-01T00:00:00.500+01:00");
  auto time = read_time("23:30").value();
  time.since_midnight = (time.since_midnight + hours(1)) % days(1);
  EXPECT_EQ(to_text(time), "00:30:00");
}

// T10: a timestamp is a number, and has a number's equality, hash and order.
TEST(Temporals, TimestampsAreSeconds) {
  const auto now = floor<seconds>(system_clock::now());
  EXPECT_EQ(from_timestamp(to_timestamp(now)), now);
  EXPECT_EQ(to_timestamp(at("1970-01-01T00:01:00+00:01").second), 0);
  EXPECT_EQ(to_timestamp(at("1969-12-31T23:59:59Z").second), -1);
  EXPECT_LT(to_timestamp(now), to_timestamp(now + minutes(1)));
}

}  // namespace
}  // namespace holdfast
