// When verify() asks; what it compares and repairs, client/sync/verifier_test.cc and the scenarios verify_* tell.
#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

class DeviceVerifyTest : public DeviceTest {
 protected:
  [[nodiscard]] bool asks_for_checksum() const {
    return !transport->exchanges.empty() && transport->exchanges.front().request.target.ends_with("/checksum");
  }
  void start_with_expression() {
    auto made = options();
    made.expressions = {{"Post", [this](SyncExpression::Answer answer) { later = std::move(answer); }}};
    ASSERT_TRUE(device->start(std::move(made)));
  }
  void hydrate() {
    later(Predicate{});
    subscribe();
    answer_page("syncPosts");
    answer_page("syncComments");
  }

  SyncExpression::Answer later;
};

TEST_F(DeviceVerifyTest, NeedsAStoreThatSyncs) {
  EXPECT_EQ(device->verify().error().code, Code::invalid_argument);
}

TEST_F(DeviceVerifyTest, WaitsForWhatSyncWaitsFor) {
  start_with_expression();
  ASSERT_TRUE(device->verify());
  hydrate();
  EXPECT_TRUE(asks_for_checksum());
}

TEST_F(DeviceVerifyTest, StopForgetsIt) {
  start_with_expression();
  ASSERT_TRUE(device->verify());
  device->stop();
  start_with_expression();
  hydrate();
  EXPECT_TRUE(transport->exchanges.empty());
}

TEST_F(DeviceVerifyTest, AsksOnceWhileItRunsAndAgainAfterwards) {
  std::size_t verified = 0;
  const auto watching = device->on_event([&](const SyncEvent& event) { verified += std::holds_alternative<Verified>(event); });
  go_live();
  for (std::size_t turn = 1; turn <= 2; ++turn) {
    ASSERT_TRUE(device->verify());
    ASSERT_TRUE(device->verify());
    ASSERT_EQ(transport->exchanges.size(), 1U);
    ASSERT_TRUE(asks_for_checksum());
    answer(HttpResponse{.status = 404, .body = "{}"});
    EXPECT_EQ(verified, turn);
    EXPECT_TRUE(transport->exchanges.empty());
  }
}

}  // namespace
}  // namespace holdfast::device_testing
