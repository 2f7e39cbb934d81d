// What became of changes, as the application asks for it: sync state, receipts, dead letters.
#include "client/device_testing.h"

namespace holdfast::device_testing {
namespace {

using client::testing::error_response;

class OutcomesTest : public DeviceTest {
 protected:
  Subscription watch(const char* id) {
    return device->on_receipt(post, key(id), [this](const Receipt& receipt) { receipts.push_back(receipt); });
  }
  SyncState state(const char* id) { return device->sync_state(post, key(id)).value(); }
  void save(const char* id, const char* title) { ASSERT_TRUE(device->save(post_of(id, title), nullptr, {})); }
  /// The service refuses the mutation under way, and has no such record.
  void refuse(const char* field) {
    answer(error_response(field, "ValidationError"));
    answer(json_response(Object{{"getPost", nullptr}}));
  }

  std::vector<Receipt> receipts;
};

TEST_F(OutcomesTest, AReceiptComesOnceWhenTheBackendHasTheChange) {
  go_live();
  save("p", "a");
  EXPECT_EQ(state("p"), SyncState::in_flight);
  const auto subscription = watch("p");
  EXPECT_TRUE(receipts.empty());
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].state, SyncState::clean);
  EXPECT_EQ(receipts[0].metadata.version, 1);
  EXPECT_EQ(state("p"), SyncState::clean);
  save("p", "b");
  answer(json_response(Object{{"updatePost", item(post_of("p", "b"), 2)}}));
  EXPECT_EQ(receipts.size(), 1U);
}

TEST_F(OutcomesTest, AReceiptWaitsForEveryChangeOfTheRecord) {
  go_live();
  save("p", "a");
  save("p", "b");
  const auto subscription = watch("p");
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  EXPECT_TRUE(receipts.empty());
  answer(json_response(Object{{"updatePost", item(post_of("p", "b"), 2)}}));
  EXPECT_EQ(receipts.size(), 1U);
}

TEST_F(OutcomesTest, AReceiptComesAtOnceWhenNothingWaits) {
  const auto subscription = watch("unknown");
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].state, SyncState::clean);
}

TEST_F(OutcomesTest, WhatIsNotSentIsPending) {
  save("p", "a");
  EXPECT_EQ(state("p"), SyncState::pending);
  EXPECT_FALSE(device->sync_state(post, Key{{"p", "q"}}));
}

TEST_F(OutcomesTest, ARefusedChangeCanBeReadAndRetried) {
  go_live();
  save("p", "a");
  const auto subscription = watch("p");
  refuse("createPost");
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].state, SyncState::rejected);
  ASSERT_TRUE(receipts[0].error.has_value());
  EXPECT_EQ(receipts[0].error->error_type, "ValidationError");
  EXPECT_EQ(state("p"), SyncState::rejected);
  EXPECT_TRUE(rows(post).empty());

  const auto letters = device->dead_letters(0, 10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].operation, "create");
  EXPECT_EQ(letters[0].record, post_of("p", "a"));
  EXPECT_EQ(letters[0].error, (Error{Code::rejected, "why"}));
  EXPECT_EQ(letters[0].id, errors.back().dead_letter);

  ASSERT_TRUE(device->retry_dead_letter(letters[0].id));
  EXPECT_TRUE(device->dead_letters(0, 10).value().empty());
  EXPECT_EQ(rows(post), std::vector{post_of("p", "a")});
  EXPECT_THAT(asked(), HasSubstr("createPost"));
  EXPECT_EQ(device->retry_dead_letter(letters[0].id).error().code, Code::not_found);
}

TEST_F(OutcomesTest, ARefusedChangeCanBeDropped) {
  go_live();
  save("p", "a");
  refuse("createPost");
  const auto id = device->dead_letters(0, 10).value().at(0).id;
  ASSERT_TRUE(device->drop_dead_letter(id));
  EXPECT_EQ(state("p"), SyncState::clean);
  EXPECT_EQ(device->drop_dead_letter(id).error().code, Code::not_found);
}

// Both or neither: what can not be made again stays on the list.
TEST_F(OutcomesTest, AnUpdateOfARowThatIsGoneIsNotRetried) {
  go_live();
  save("p", "a");
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  save("p", "b");
  refuse("updatePost");
  EXPECT_TRUE(rows(post).empty());
  const auto letters = device->dead_letters(0, 10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(device->retry_dead_letter(letters[0].id).error().code, Code::not_found);
  EXPECT_EQ(device->dead_letters(0, 10).value().size(), 1U);
}

TEST_F(OutcomesTest, ACreationOfWhatIsThereByNowIsRetriedAsAnUpdate) {
  go_live();
  save("p", "a");
  refuse("createPost");
  save("p", "again");
  answer(json_response(Object{{"createPost", item(post_of("p", "again"), 1)}}));
  ASSERT_TRUE(device->retry_dead_letter(device->dead_letters(0, 10).value().at(0).id));
  EXPECT_EQ(rows(post), std::vector{post_of("p", "a")});
  EXPECT_THAT(asked(), HasSubstr("updatePost"));
}

// C21: whoever listens hears everything, in order.
TEST_F(OutcomesTest, EveryListenerHearsEveryEvent) {
  std::vector<std::string> first;
  std::vector<std::string> second;
  const auto one = device->on_event([&first](const SyncEvent& event) { first.emplace_back(name(event)); });
  const auto two = device->on_event([&second](const SyncEvent& event) { second.emplace_back(name(event)); });
  go_live();
  save("p", "a");
  answer(json_response(Object{{"createPost", item(post_of("p", "a"), 1)}}));
  EXPECT_EQ(first, second);
  EXPECT_THAT(first, ::testing::IsSupersetOf({"subscriptionsEstablished", "ready", "outboxMutationProcessed"}));
}

// One outbox for all writers of the device: also a removal and a transaction count.
TEST_F(OutcomesTest, AFullOutboxRefusesWhatWouldBeLost) {
  open({.outbox_max = 2});
  save("p", "a");
  save("q", "a");
  const auto refused = device->save(post_of("r", "a"), nullptr, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::limit_exceeded);
  EXPECT_THAT(refused.error().message, HasSubstr("outbox_max"));
  EXPECT_EQ(rows(post).size(), 2U);
  ASSERT_TRUE(device->remove(post_of("q", "a"), {})) << "created and removed: nothing is left to send";
  EXPECT_TRUE(device->save(post_of("r", "a"), nullptr, {}));
  EXPECT_EQ(device->save(post_of("s", "a"), nullptr, {}).error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace holdfast::device_testing
