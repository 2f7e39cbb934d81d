#include "net/url.h"

#include <gtest/gtest.h>

namespace holdfast::net {
namespace {

TEST(ParseUrl, SplitsAnAddress) {
  const auto url = parse_url("http://example.org:8080/graphql?a=1&b=2#part").value();
  EXPECT_EQ(url, (Url{"http", "example.org", 8080, "example.org:8080", "/graphql?a=1&b=2"}));
}

TEST(ParseUrl, KnowsTheSchemesPortsAndAnySpelling) {
  EXPECT_EQ(parse_url("HTTP://h").value(), (Url{"http", "h", 80, "h", "/"}));
  EXPECT_EQ(parse_url("wss://h:443/x").value(), (Url{"wss", "h", 443, "h", "/x"}));
  EXPECT_EQ(parse_url("ws://h?q").value(), (Url{"ws", "h", 80, "h", "/?q"}));
}

TEST(ParseUrl, TakesIpv6AddressesInBrackets) {
  EXPECT_EQ(parse_url("http://[::1]:20002/graphql").value(), (Url{"http", "::1", 20002, "[::1]:20002", "/graphql"}));
  EXPECT_EQ(parse_url("http://[fe80::1]/").value(), (Url{"http", "fe80::1", 80, "[fe80::1]", "/"}));
}

TEST(ParseUrl, RefusesWhatItCannotUse) {
  for (const char* text : {"", "h", "ftp://h/", "http://", "http:///x", "http://:80/", "http://a:b:1/", "http://h:0/",
                           "http://h:65536/", "http://h:8x/", "http://u@h/", "http://[::1/", "http://[]/", "http://[::1]x/",
                           "http://h/a b", "http://h/\r\nX: y", "http://h/\x80"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, Code::invalid_argument) << text;
  }
}

TEST(CleanHeader, RefusesWhatBreaksOutOfItsLine) {
  EXPECT_TRUE(is_clean_header("X-Api-Key", "da2-abc def"));
  EXPECT_TRUE(is_clean_header("X", ""));
  EXPECT_FALSE(is_clean_header("", "x"));
  EXPECT_FALSE(is_clean_header("X:", "x"));
  EXPECT_FALSE(is_clean_header("X Y", "x"));
  EXPECT_FALSE(is_clean_header("X", "a\r\nY: b"));
  EXPECT_FALSE(is_clean_header("X", std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace holdfast::net
