// A schema that grew, on a device that has synced: the new field's values arrive, and no edit is lost.
#include <gmock/gmock.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "model/testing.h"
#include "protocol/records.h"
#include "tests/change/hand_device.h"

namespace holdfast {
namespace {

using client::testing::json_response;
using client::testing::key;
using client::testing::metadata;
using holdfast::testing::blog_schema;
using holdfast::testing::record;
using holdfast::testing::scalar;

class UpgradeSync : public ::testing::Test {
 protected:
  UpgradeSync() { is.models[0].fields.push_back(scalar("colour", Scalar::string)); }

  Value item(const Schema& schema, std::initializer_list<std::pair<std::string_view, Value>> fields, std::int64_t version) {
    return protocol::write_record(record(schema.models[0], fields), metadata(version));
  }
  /// A device that has synced two posts, and on which the second was edited since.
  void leave_synced() {
    HandDevice device(was, path);
    device.sync({{"syncPosts", {item(was, {{"id", "p1"}, {"title", "one"}}, 3), item(was, {{"id", "p2"}, {"title", "two"}}, 7)}}});
    device->stop();
    auto edited = *device.row("Post", key("p2"));
    edited["title"] = "edited here";
    ASSERT_TRUE(device->save(edited, nullptr, {}));
    ASSERT_EQ(*device->pending_count(), 1U);
  }

  client::ScratchFolder folder;
  const std::string path = folder.file("device.db");
  Schema was = blog_schema();
  Schema is = blog_schema();
};

// L16, L17: the structure of the schema is stored, and tells after an upgrade what the device has not been told of.
TEST_F(UpgradeSync, AnAddedFieldGetsItsValueWithTheNextStartAndTheUnsentEditStays) {
  leave_synced();
  HandDevice device(is, path);
  EXPECT_EQ((*device.row("Post", key("p1")))["colour"], Value());
  std::vector<std::string> seen;
  const auto watched = device->observe(is.models[0], {}, [&](const RecordChange& change) {
    seen.push_back(*change.record["id"].as_string() + " " + *change.record["title"].as_string());
  });
  // The versions are those that the device knows.
  device.sync({{"syncPosts", {item(is, {{"id", "p1"}, {"title", "one"}, {"colour", "red"}}, 3),
                              item(is, {{"id", "p2"}, {"title", "two"}, {"colour", "blue"}}, 7)}}},
              [](const Value&) -> HttpResponse { return {.status = 503}; });
  ASSERT_EQ(device.asked("syncPosts").size(), 1U);
  EXPECT_EQ(device.asked("syncPosts")[0]["lastSync"], Value(0)) << "all of the model that changed";
  EXPECT_NE(device.asked("syncComments")[0]["lastSync"], Value(0)) << "what is new of the others";
  EXPECT_EQ((*device.row("Post", key("p1")))["colour"], Value("red"));
  const auto edited = *device.row("Post", key("p2"));
  EXPECT_EQ(edited["colour"], Value("blue"));
  EXPECT_EQ(edited["title"], Value("edited here"));
  EXPECT_EQ(*device->pending_count(), 1U);
  ASSERT_EQ(device.asked("updatePost").size(), 1U);
  EXPECT_EQ(device.asked("updatePost")[0]["input"]["title"], Value("edited here"));
  EXPECT_EQ(device.asked("updatePost")[0]["input"]["_version"], Value(7));
  EXPECT_THAT(seen, ::testing::ElementsAre("p1 one", "p2 edited here"));
}

TEST_F(UpgradeSync, TheNextSyncIsADeltaAgain) {
  leave_synced();
  { HandDevice(is, path).sync({}); }
  HandDevice device(is, path);
  device.sync({});
  EXPECT_NE(device.asked("syncPosts")[0]["lastSync"], Value(0));
}

TEST_F(UpgradeSync, ARowThatLackedARequiredValueComesAgainWithTheEditUponIt) {
  leave_synced();
  is.models[0].fields.back().is_required = true;
  HandDevice device(is, path, {.on_loss = [](const auto&) { return UpgradeDecision::drop_what_is_lost; }});
  EXPECT_EQ(device.row("Post", key("p2")), std::nullopt);
  device.sync({{"syncPosts", {item(is, {{"id", "p2"}, {"title", "two"}, {"colour", "blue"}}, 7)}}},
              [](const Value&) -> HttpResponse { return {.status = 503}; });
  const auto edited = device.row("Post", key("p2"));
  ASSERT_TRUE(edited);
  EXPECT_EQ((*edited)["title"], Value("edited here"));
  EXPECT_EQ((*edited)["colour"], Value("blue"));
}

TEST_F(UpgradeSync, AnEditThatWasDroppedWithItsFieldIsUndoneByTheNextSync) {
  leave_synced();
  {
    HandDevice device(was, path);
    auto edited = *device.row("Post", key("p1"));
    edited["title"] = "only if rated";
    edited["rating"] = 1;
    ASSERT_TRUE(device->save(edited, nullptr, Predicate::compare("rating", Op::eq, {Value()})));
  }
  is.models[0].fields.erase(is.models[0].fields.begin() + 2);
  HandDevice device(is, path, {.on_loss = [](const auto&) { return UpgradeDecision::drop_what_is_lost; }});
  EXPECT_EQ(*device->pending_count(), 1U) << "the condition cannot be asked any more";
  device.sync({{"syncPosts", {item(is, {{"id", "p1"}, {"title", "one"}}, 3)}}},
              [](const Value&) -> HttpResponse { return {.status = 503}; });
  EXPECT_EQ((*device.row("Post", key("p1")))["title"], Value("one"));
}

// A wipe is what other platforms do with every change.
TEST_F(UpgradeSync, AWipedDeviceSyncsInFull) {
  leave_synced();
  is.models[0].fields.back().is_required = true;
  HandDevice device(is, path, {.on_loss = [](const auto&) { return UpgradeDecision::wipe; }});
  EXPECT_EQ(*device->pending_count(), 0U);
  device.sync({{"syncPosts", {item(is, {{"id", "p2"}, {"title", "two"}, {"colour", "blue"}}, 7)}}});
  for (const auto* field : {"syncPosts", "syncComments", "syncSeats"}) EXPECT_EQ(device.asked(field)[0]["lastSync"], Value(0));
  EXPECT_EQ((*device.row("Post", key("p2")))["title"], Value("two"));
}

}  // namespace
}  // namespace holdfast
