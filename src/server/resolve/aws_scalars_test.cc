#include "server/resolve/aws_scalars.h"

#include <gtest/gtest.h>

#include <vector>

#include "model/scalar_text.h"

namespace holdfast::server {
namespace {

struct Texts {
  Scalar scalar;
  std::vector<const char*> good;
  std::vector<const char*> bad;
};

TEST(AwsScalars, TakeWhatAppSyncTakes) {
  const std::vector<Texts> all{
      {Scalar::aws_date, {"2024-02-29", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30"},
       {"2023-02-29", "2024-13-01", "2024-1-1", "24-01-01", "", "2024-01-01T"}},
      {Scalar::aws_time, {"12:30", "12:30:24", "12:30:24.500+05:30", "12:30:24.5Z"}, {"24:00", "12", "12:60", "12:30:61"}},
      {Scalar::aws_date_time, {"2024-02-29T12:30:24.500Z", "2024-02-29T12:30Z", "2024-02-29T12:30:24-07:00"},
       {"2024-02-29T12:30:24", "2024-02-29", "2024-02-29 12:30Z", "2023-02-29T12:30Z"}},
      {Scalar::aws_email, {"a@b.example", "first.last+tag@sub.example.org"}, {"a", "@b", "a@", "a b@c.d", "a@b@c.d"}},
      {Scalar::aws_json, {"{}", "[1,2]", "\"x\"", "null", "3"}, {"", "{", "x", "{a:1}"}},
      {Scalar::aws_url, {"https://example.org/a?b#c", "mailto:a@b.c", "http://localhost:8080"}, {"", "example", "://x", "ht tp://x", "http:"}},
      {Scalar::aws_phone, {"+12025550143", "+44 20 7946 0958", "555-0143"}, {"", "+", "12", "call me", "+1234567890123456"}},
      {Scalar::aws_ip_address, {"127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::1", "fe80::1/64", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8"},
       {"", "256.1.1.1", "1.2.3", "1.2.3.4/33", ":::", "1:2:3", "2001:db8::1/129", "1::2::3"}},
  };
  for (const auto& texts : all) {
    for (const char* text : texts.good) EXPECT_TRUE(fits_scalar(texts.scalar, text)) << graphql_name(texts.scalar) << " " << text;
    for (const char* text : texts.bad) EXPECT_FALSE(fits_scalar(texts.scalar, text)) << graphql_name(texts.scalar) << " " << text;
  }
}

TEST(AwsScalars, TimestampIsAWholeNumber) {
  graphql::TypeDefinition timestamp;
  timestamp.name = "AWSTimestamp";
  EXPECT_TRUE(AwsScalars().read(timestamp, Value(1'700'000'000)));
  EXPECT_FALSE(AwsScalars().read(timestamp, Value("1700000000")));
  EXPECT_FALSE(AwsScalars().read(timestamp, Value(1.5)));
}

}  // namespace
}  // namespace holdfast::server
