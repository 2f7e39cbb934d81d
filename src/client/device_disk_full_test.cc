// A disk without room under a device that syncs: sync waits, and goes on without loss and without doing anything twice.
#include <gtest/gtest.h>

#include <algorithm>

#include "client/device_testing.h"
#include "protocol/signers.h"

namespace holdfast {
namespace {

using device_testing::DeviceTest;

std::string mutation_name(const HttpRequest& request) {
  const auto header = std::find_if(request.headers.begin(), request.headers.end(),
                                   [](const auto& one) { return one.first == protocol::mutation_id_header; });
  return header == request.headers.end() ? "" : header->second;
}

class FullDisk : public DeviceTest {
 protected:
  /// The engine's longest delay, and what it then does: from the socket to live.
  void connect_again() {
    const auto before = transport->sockets.size();
    transport->exchanges.clear();
    clock->advance(std::chrono::seconds(61));
    ASSERT_GT(transport->sockets.size(), before);
    subscribe();
    answer_page("syncPosts");
    answer_page("syncComments");
  }
  [[nodiscard]] std::string sent_name() const {
    return transport->exchanges.empty() ? "" : mutation_name(transport->exchanges.front().request);
  }
};

TEST_F(FullDisk, AReplyThatCannotBeKeptIsAskedForAgainUnderTheSameName) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  const auto name = sent_name();
  ASSERT_NE(name, "");
  is_full = true;
  answer(client::testing::json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].error.code, Code::disk_full);
  EXPECT_EQ(pending(), 1U);
  is_full = false;
  connect_again();
  EXPECT_EQ(sent_name(), name) << "the service knows that it has this one";
  answer(client::testing::json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(rows(post).size(), 1U);
  EXPECT_EQ(device->metadata(post, client::testing::key("p"))->version, 1);
}

TEST_F(FullDisk, NothingLeavesThatCannotBeMarkedAsSent) {
  go_live();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  ASSERT_TRUE(device->save(post_of("q", "b"), nullptr, {}));
  const auto first = sent_name();
  device->stop();
  transport->exchanges.clear();
  is_full = true;
  start();
  EXPECT_EQ(transport->exchanges.size(), 0U);
  is_full = false;
  connect_again();
  EXPECT_EQ(sent_name(), first);
  EXPECT_EQ(pending(), 2U);
}

TEST_F(FullDisk, IsTriedAgainAtIntervalsForAsLongAsItLasts) {
  is_full = true;
  start();
  clock->advance(std::chrono::minutes(10));
  EXPECT_GE(errors.size(), 5U);
  EXPECT_LE(errors.size(), 40U) << "it does not spin";
  is_full = false;
  connect_again();
  ASSERT_TRUE(device->save(post_of("p", "a"), nullptr, {}));
  EXPECT_NE(sent_name(), "");
}

}  // namespace
}  // namespace holdfast
