#include "protocol/filter_limits.h"

#include <gmock/gmock.h>

#include "base/json.h"

namespace holdfast::protocol {
namespace {

using ::testing::HasSubstr;

Value parsed(const std::string& text) { return json::parse(text).value(); }

// S38
TEST(SubscriptionFilterLimits, CountGroupsAndTheirFields) {
  const auto refusal = [](const std::string& filter) {
    return filter_refusal(parsed(filter), appsync_filter_limits).value_or("");
  };
  EXPECT_EQ(refusal(R"({"and":[{"a":{}},{"b":{}},{"c":{},"d":{}},{"or":[{"e":{}},{"f":{}}]}]})"), "");
  EXPECT_THAT(refusal(R"({"a":{},"b":{},"c":{},"d":{},"e":{},"f":{}})"), HasSubstr("Filters exceed maximum attributes limit 5"));
  std::string children;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) {
    children += (children.empty() ? "" : ",") + (R"({")" + std::string(name) + R"(":{}})");
  }
  EXPECT_EQ(refusal(R"({"or":[)" + children + "]}"), "");
  EXPECT_THAT(refusal(R"({"or":[)" + children + R"(,{"k":{}}]})"), HasSubstr("Filters combination exceed maximum limit 10"));
  EXPECT_THAT(refusal(R"({"and":[{"or":[{"a":{}},{"b":{}},{"c":{}},{"d":{}}]},{"or":[{"e":{}},{"f":{}},{"g":{}}]}]})"),
              HasSubstr("Filters combination exceed maximum limit 10"))
      << "4 by 3";
  EXPECT_THAT(refusal(R"({"and":[{"a":{}},{"a":{}}]})"), HasSubstr("filter uses same fieldName multiple time"));
  EXPECT_EQ(refusal(R"({"or":[{"a":{}},{"a":{}}]})"), "");
}

TEST(SubscriptionFilterLimits, BearFiltersThatWouldUnfoldWithoutEnd) {
  std::string filter = R"({"or":[{"a":{}},{"b":{}}]})";
  std::string all = filter;
  for (int at = 0; at < 60; ++at) all += "," + filter;
  EXPECT_TRUE(filter_refusal(parsed(R"({"and":[)" + all + "]}"), {}));
}

// C16
TEST(SubscriptionFilterLimits, AreToldByTheirWords) {
  EXPECT_TRUE(is_filter_complaint("Validation error of type UnknownArgument: Unknown field argument filter @ 'onCreatePost'"));
  EXPECT_TRUE(is_filter_complaint("Filters exceed maximum attributes limit 5 for subscription."));
  EXPECT_TRUE(is_filter_complaint("The variables input contains a field name 'not'"));
  EXPECT_FALSE(is_filter_complaint("Not Authorized to access onCreatePost on type Subscription"));
  EXPECT_FALSE(is_filter_complaint(""));
}

}  // namespace
}  // namespace holdfast::protocol
