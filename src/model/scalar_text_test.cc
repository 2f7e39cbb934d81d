// The forms of the AWS scalars. The examples are those of the published clients' own tests, and the edges of AppSync's.
#include "model/scalar_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace holdfast {
namespace {

struct Form {
  std::string name;
  Scalar scalar;
  std::vector<std::string> accepted;
  std::vector<std::string> refused;
};

class ScalarTexts : public ::testing::TestWithParam<Form> {};

TEST_P(ScalarTexts, HaveTheFormOfTheirScalar) {
  for (const auto& text : GetParam().accepted) EXPECT_TRUE(fits_scalar(GetParam().scalar, text)) << text;
  for (const auto& text : GetParam().refused) EXPECT_FALSE(fits_scalar(GetParam().scalar, text)) << text;
  EXPECT_FALSE(scalar_form(GetParam().scalar).empty()) << "a refusal says what is needed";
}

const std::vector<Form> forms{
    {"T01_AWSDate", Scalar::aws_date,
     {"2020-01-01", "1979-01-01Z", "2021-01-01+05:30", "2021-01-01-05:30:12", "2024-02-29"},
     {"", "2021-01-1", "201-01-50", "2021-01-112", "2021-01-01+5:30", "2021-01-01+05:3", "2021-01-01+05:3.",
      "2021-01-01-05:30:12Z", "2021-99-99", "2021-01-21+99:02", "2023-02-29", "2021/01/01", "2021-01-01 "}},
    {"T01_AWSTime", Scalar::aws_time,
     {"12:30", "12:30Z", "12:30:24Z", "12:30:24.1Z", "12:30:24.12Z", "12:30:24.123Z", "12:30:24.1234Z",
      "12:30:24-07:00", "12:30:24.500+05:30", "12:30:24.500+05:30:00", "12:30:24.123456789"},
     {"", "1:30", "12:30.Z", "120:30:242Z", "12:30:242Z", "12:30:24-07:00Z", "12:30:24.500+05:3", "12:30.500+05:30",
      "12:30:.500Z", "12:30:24.500+5:30:00", "24:00", "12:60", "T12:30"}},
    // The published JavaScript client takes a date-time without an offset, which the service then refuses.
    {"T01_AWSDateTime", Scalar::aws_date_time,
     {"2021-01-11T12:30Z", "2021-01-11T12:30:24Z", "2021-01-11T12:30:24.5Z", "2021-01-11T12:30:24.5000Z",
      "2021-02-09T06:19:04.49Z", "2021-01-11T12:30:24-07:00", "2021-01-11T12:30:24.500+05:30",
      "2021-01-11T12:30:24.500+05:30:00"},
     {"", "2021-01-11T1:30", "2021-01-11T12:30.Z", "2021-01-11T120:30:242Z", "2021-01-11T12:30:242Z",
      "2021-01-11T12:30:24-07:00Z", "2021-01-11T12:30:24.500+05:3", "2021-01-11T12:30.500+05:30",
      "2021-01-11T12:30:.500Z", "2021-01-11T12:30:24.500+5:30:00", "2021-1-11T12:30Z", "2021-01-11T1:30Z",
      "2021-01-11T1:3", "20211-01-11T12:30:.500Z", "2021-01-11T12:30", "2021-01-11 12:30Z", "yesterday"}},
    {"T03_V23_AWSEmail", Scalar::aws_email,
     {"a@b", "a@b.c", "john@doe.com"},
     {"", "@", "a", "a@", "a@@", "@a", "@@", "a @b.c", "a@ b.c", "a@b. c", "a@b."}},
    {"T03_AWSJSON", Scalar::aws_json,
     {"{\"upvotes\": 10}", "{}", "[1,2,3]", "[]", "\"AWSJSON example string\"", "1", "0", "-1", "true", "false", "{\"wei\":1000000000000000000000}"},
     {"", "#", "2020-01-01", "{a: 1}", "{\xE2\x80\x98" "a\xE2\x80\x99: 1}", "Unquoted string"}},
    {"T03_AWSURL", Scalar::aws_url,
     {"http://localhost/", "schema://anything", "smb://a/b/c?d=e"},
     {"", "//", "//example", "example", "http:", "1http://a", "http://a b"}},
    {"T03_AWSPhone", Scalar::aws_phone,
     {"+10000000000", "+100 00 00", "000 00000", "123-456-7890", "+44123456789"},
     {"", "+", "+-", "a", "bad-number", "1", "12345678901234567"}},
    {"T03_V22_AWSIPAddress", Scalar::aws_ip_address,
     {"127.0.0.1", "123.123.123.123", "1.1.1.1", "::", "::1", "2001:db8:a0b:12f0::1", "::ffff:10.0.0.1",
      "0064:ff9b:0000:0000:0000:0000:1234:5678", "10.0.0.0/8"},
     {"", " ", ":", "1.", "test", "999.1.1.1", " 1.1.1.1", "1.1.1.1 ", "-1.1.1.1", "1111.111.111.111", "1.0.0", "::1 ",
      "::ffff:10.0.0", " ::ffff:10.0.0", "1:2:3", "::1::", "10.0.0.0/33"}},
};

INSTANTIATE_TEST_SUITE_P(Forms, ScalarTexts, ::testing::ValuesIn(forms),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace holdfast
