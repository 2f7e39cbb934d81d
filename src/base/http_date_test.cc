#include "base/http_date.h"

#include <gtest/gtest.h>

namespace holdfast {
namespace {

// The examples of RFC 9110.
TEST(HttpDate, HasThreeForms) {
  const auto expected = from_epoch_ms(784'111'777'000);
  EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(read_http_date("Sun Nov  6 08:49:37 1994"), expected);
}

TEST(HttpDate, OfTwoDigitsIsNearOurDays) {
  EXPECT_EQ(read_http_date("Friday, 01-Jan-27 00:00:00 GMT"), read_http_date("Fri, 01 Jan 2027 00:00:00 GMT"));
  EXPECT_EQ(read_http_date("Tuesday, 29-Feb-00 00:00:00 GMT"), read_http_date("Tue, 29 Feb 2000 00:00:00 GMT"));
}

TEST(HttpDate, IsNoOtherText) {
  for (const auto* text :
       {"", "soon", "7", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:xx GMT", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT and then some more of it"}) {
    EXPECT_EQ(read_http_date(text), std::nullopt) << text;
  }
}

TEST(HttpDate, OfAnAnswerIsItsDateHeader) {
  EXPECT_EQ(date_of({{"DATE", "Sun, 06 Nov 1994 08:49:37 GMT"}}), from_epoch_ms(784'111'777'000));
  EXPECT_EQ(date_of({{"Date", "yesterday"}}), std::nullopt);
  EXPECT_EQ(date_of({}), std::nullopt);
}

}  // namespace
}  // namespace holdfast
