#include "server/resolve/token.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/siv.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

class TokenTest : public ::testing::Test {
 protected:
  Schema schema;
  testing::HandClock clock;
  testing::CountedRandom random;
  std::unique_ptr<Store> store = memory_store(schema, clock);
  Tokens tokens = Tokens::open(*store, random).value();
};

TEST_F(TokenTest, GivesBackWhatWasSealed) {
  const auto token = tokens.seal({{"n", "17"}}, "syncPosts");
  EXPECT_EQ(tokens.unseal(token, "syncPosts").value(), (Object{{"n", "17"}}));
}

TEST_F(TokenTest, ShowsNothingOfItsContent) {
  const std::string secret(100, 's');
  const auto token = tokens.seal({{"n", secret}}, "syncPosts");
  EXPECT_EQ(tokens.unseal(token, "syncPosts")->at("n"), Value(secret));
  EXPECT_EQ(from_base64(token)->find("sss"), std::string::npos);
  auto other = *from_base64(tokens.seal({{"n", secret + "t"}}, "syncPosts"));
  auto one = *from_base64(token);
  EXPECT_NE(one.substr(siv_tag_bytes, 8), other.substr(siv_tag_bytes, 8)) << "each content has a stream of its own";
}

TEST_F(TokenTest, IsGoodForItsScopeOnly) {
  EXPECT_FALSE(tokens.unseal(tokens.seal({{"n", "17"}}, "syncPosts"), "syncBlogs"));
}

TEST_F(TokenTest, EveryChangedByteIsNoticed) {
  const auto token = tokens.seal({{"n", "17"}}, "syncPosts");
  for (std::size_t at = 0; at + 1 < token.size(); ++at) {
    auto changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.unseal(changed, "syncPosts")) << at;
  }
  for (const char last : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=")) {
    auto changed = token;
    changed.back() = last;
    EXPECT_EQ(tokens.unseal(changed, "syncPosts").has_value(), changed == token) << changed;
    EXPECT_FALSE(tokens.unseal(token + last, "syncPosts")) << last;
  }
  for (const char* bad : {"", "x", "====", "not a token"}) EXPECT_FALSE(tokens.unseal(bad, "syncPosts")) << bad;
}

TEST_F(TokenTest, SurvivesARestartOfTheServer) {
  const auto token = tokens.seal({{"n", "17"}}, "syncPosts");
  EXPECT_TRUE(Tokens::open(*store, random).value().unseal(token, "syncPosts"));
}

}  // namespace
}  // namespace holdfast::server
