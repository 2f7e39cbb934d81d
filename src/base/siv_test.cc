#include "base/siv.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace holdfast {
namespace {

const std::string key(siv_key_bytes, 'k');

TEST(Siv, OpensWhatItSealed) {
  for (const std::size_t size : {1U, 15U, 16U, 17U, 1000U}) {
    const std::string text(size, 't');
    const auto sealed = siv_seal(key, "scope", text);
    EXPECT_EQ(sealed.size(), size + siv_tag_bytes);
    EXPECT_EQ(sealed.find("tt"), std::string::npos) << "it is hidden";
    EXPECT_EQ(siv_open(key, "scope", sealed), text);
    EXPECT_EQ(siv_seal(key, "scope", text), sealed);
  }
}

TEST(Siv, OpensNothingElse) {
  const auto sealed = siv_seal(key, "scope", "text");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(siv_open(key, "scope", changed)) << at;
    EXPECT_FALSE(siv_open(key, "scope", sealed.substr(0, at))) << at;
  }
  EXPECT_FALSE(siv_open(key, "scopf", sealed));
  EXPECT_FALSE(siv_open(key, "", sealed));
  EXPECT_FALSE(siv_open(std::string(siv_key_bytes, 'l'), "scope", sealed));
  EXPECT_EQ(siv_open(key, "", siv_seal(key, "", "text")), "text");
}

// Of other programs: what was sealed before an update of OpenSSL is opened after it. This is what Python's AESSIV gives.
TEST(Siv, IsThatOfTheStandard) {
  EXPECT_EQ(hex(siv_seal(key, "scope", "text")), "09605455caf72b93c7dbd9ec3ac565361b244c85");
}

}  // namespace
}  // namespace holdfast
