// The base room: JSON, encodings, digests, instants, values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/random.h"
#include "base/transport.h"

namespace holdfast {
namespace {

// Strings are written eight bytes at a time: each byte has to be seen at each place.
TEST(Json, WritesEveryByteAtEveryPlaceSoThatItReadsBack) {
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(byte);
      const auto written = json::write(Value(text));
      EXPECT_EQ(json::parse(written).value(), Value(text)) << written;
      EXPECT_EQ(written.size() > text.size() + 2, byte < 0x20 || byte == '"' || byte == '\\') << written;
    }
  }
  EXPECT_EQ(json::write(Value(std::string("12345678\xFF" "8"))), "\"12345678\xEF\xBF\xBD" "8\"");
}

TEST(Json, ReadsEveryKindOfValueAndWritesItBack) {
  const std::string text = R"({"a":[1,-2,2.5,true,false,null],"b":{"c":"x\n\u0001\"\\"},"d":9223372036854775807})";
  EXPECT_EQ(json::write(*json::parse(text)), text);
}

TEST(Json, KeepsDoublesExact) {
  for (const double value : {0.1, 1e300, -2.2250738585072014e-308, 3.0, 123456789.123456789}) {
    const auto read = json::parse(json::write(Value(value)));
    ASSERT_TRUE(read);
    ASSERT_TRUE(read->as_floating());
    EXPECT_EQ(*read->as_floating(), value);
  }
  EXPECT_EQ(json::write(Value(std::numeric_limits<double>::quiet_NaN())), "null");
}

TEST(Json, ReadsIntegersBeyond64BitsAsDoubles) {
  const auto read = json::parse(
      R"([100000000000000000000, -18446744073709551617, 9223372036854775807, -9223372036854775808, 9223372036854775808,)"
      R"( {"\\":1000000000000000000000000000000}, "\"100000000000000000000", 1.00000000000000000000, 2e0])");
  ASSERT_TRUE(read) << read.error().message;
  const List expected{1e20, -18446744073709551617.0, std::numeric_limits<std::int64_t>::max(),
                      std::numeric_limits<std::int64_t>::min(), 9223372036854775808.0, Object{{"\\", 1e30}},
                      "\"100000000000000000000", 1.0, 2.0};
  EXPECT_EQ(*read, Value(expected));
  for (const auto* text : {"100000000000000000000e", "[100000000000000000000", "0100000000000000000000", "1e400",
                           "--100000000000000000000", "\"100000000000000000000", "[100000000000000000000,\"\\"}) {
    EXPECT_FALSE(json::parse(text)) << text;
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const auto* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "\"\x01\"", "1 2", "\"\xC3\""}) {
    const auto read = json::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::malformed) << text;
  }
  EXPECT_FALSE(json::parse(std::string(5000, '[') + std::string(5000, ']')));
  EXPECT_TRUE(json::parse("[[[1]]]"));
}

TEST(Json, ReplacesInvalidUtf8WhenWriting) {
  EXPECT_EQ(json::write(Value("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(json::write(Value("\xE2\x82\xAC")), "\"\xE2\x82\xAC\"");
}

TEST(Json, TheLastOfTwoEqualMembersWins) {
  EXPECT_EQ((*json::parse(R"({"a":1,"a":2})"))["a"], Value(2));
}

TEST(Bytes, Base64RoundTripsInBothAlphabets) {
  const std::string bytes("\x00\xFF\xFE~?>", 6);
  EXPECT_EQ(base64(bytes), "AP/+fj8+");
  EXPECT_EQ(base64url(bytes), "AP_-fj8-");
  EXPECT_EQ(*from_base64("AP_-fj8-"), bytes);
  EXPECT_EQ(base64("a"), "YQ==");
  EXPECT_EQ(*from_base64("YQ=="), "a");
  EXPECT_EQ(*from_base64("YQ"), "a");
  EXPECT_FALSE(from_base64("Y Q"));
  EXPECT_FALSE(from_base64("YQYQY"));
}

TEST(Bytes, DigestsEqualThePublishedVectors) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Bytes, PercentDecodingLeavesWhatItCannotRead) {
  EXPECT_EQ(percent_decoded("a%20b+c%zz%4"), "a b c%zz%4");
}

TEST(Instants, AreWrittenAsAppSyncWritesThem) {
  EXPECT_EQ(iso8601(from_epoch_ms(1'000)), "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(iso8601(from_epoch_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(from_epoch_ms(253'402'300'800'000)), "10000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(from_epoch_ms(1'795'246'200'123)), "2026-11-21T07:30:00.123Z");
  EXPECT_EQ(iso8601(from_epoch_ms(-62'167'219'200'001)), "-0001-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(from_epoch_ms(-1'096'162'329'600'000)), "-32767-12-31T00:00:00.000Z") << "the longest";
}

// T16
TEST(Values, CompareByContentAndNumbersAcrossKinds) {
  EXPECT_EQ((Object{{"a", 1}, {"b", 2}}), (Object{{"b", 2}, {"a", 1}}));
  EXPECT_FALSE(Value(1) == Value(1.0));
  EXPECT_TRUE(numbers_equal(Value(List{1, 2.0}), Value(List{1.0, 2})));
  EXPECT_TRUE(Value(3)["missing"].is_null());
  EXPECT_TRUE(Value(Object{{"a", List{Object{{"b", 2}}}}}) == Value(Object{{"a", List{Object{{"b", 2}}}}}));
  EXPECT_FALSE(Value(Object{{"a", List{Object{{"b", 2}}}}}) == Value(Object{{"a", List{Object{{"b", 3}}}}}));
  EXPECT_FALSE(Value(List{1, 2}) == Value(List{2, 1}));
  EXPECT_FALSE(Value(List{nullptr}) == Value(List{}));
  EXPECT_FALSE(Value(List{}) == Value(Object{}));
  EXPECT_FALSE(Value(Object{{"a", nullptr}}) == Value(Object{})) << "null is said, absence is not";
}

TEST(Randoms, UuidsAreOfVersionFourAndDiffer) {
  const auto random = system_random();
  const auto first = uuid(*random);
  EXPECT_EQ(first.size(), 36U);
  EXPECT_EQ(first[14], '4');
  EXPECT_NE(first, uuid(*random));
}

TEST(HeadersOfRequests, AreFoundWithoutRegardToCase) {
  const Headers headers{{"Content-Type", "a"}, {"x-api-key", "k"}};
  EXPECT_EQ(*header(headers, "X-Api-Key"), "k");
  EXPECT_EQ(header(headers, "none"), nullptr);
}

TEST(Results, CarryAValueOrAnError) {
  const auto half = [](int number) -> Result<int> {
    if (number % 2) return Error{Code::invalid_argument, "odd"};
    return number / 2;
  };
  const auto quarter = [&](int number) -> Result<int> {
    HOLDFAST_TRY(halved, half(number));
    return half(halved);
  };
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_EQ(half(3).value_or(7), 7);
  EXPECT_THROW(static_cast<void>(half(3).value()), std::runtime_error);
  EXPECT_EQ(*half(4).transform([](int value) { return std::to_string(value); }), "2");
}

TEST(Codes, EachHasAWordAMeaningAndARemedy) {
  for (int code = 0; code <= static_cast<int>(Code::unsupported); ++code) {
    EXPECT_FALSE(name(static_cast<Code>(code)).empty());
    EXPECT_FALSE(explain(static_cast<Code>(code)).remedy.empty());
  }
}

}  // namespace
}  // namespace holdfast
