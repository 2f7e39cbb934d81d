// The conflict journal, of every kind of store.
#include <gmock/gmock.h>

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

JournalEntry entry_of(const std::string& model, const std::string& key) {
  JournalEntry entry{.at = from_epoch_ms(1'795'244'400'123), .model = model, .key = key, .operation = "update"};
  entry.strategy = "custom";
  entry.function = "settle";
  entry.outcome = "resolved";
  entry.message = "a \"reason\"";
  entry.caller = "apiKey";
  entry.client_version = 1;
  entry.stored_version = 2;
  entry.result_version = 3;
  entry.incoming = Object{{"id", "1"}, {"rating", Value()}, {"_version", 1}};
  entry.stored = Object{{"id", "1"}, {"tags", List{"ä", 2.5}}, {"_version", 2}};
  entry.result = Object{{"id", "1"}, {"_version", 3}};
  return entry;
}

std::vector<std::int64_t> numbers_of(const std::vector<JournalEntry>& entries) {
  std::vector<std::int64_t> numbers;
  for (const auto& entry : entries) numbers.push_back(entry.number);
  return numbers;
}

TEST_P(StoreContract, JournalGivesBackWhatItWasGiven) {
  auto entry = entry_of("Post", R"(["1"])");
  ASSERT_TRUE(store_->journal(entry, 10));
  entry.number = 1;
  EXPECT_EQ(store_->conflicts({}).value(), std::vector{entry});
}

TEST_P(StoreContract, JournalIsReadNewestFirstByModelAndKey) {
  for (const auto* key : {R"(["1"])", R"(["2"])", R"(["1"])"}) ASSERT_TRUE(store_->journal(entry_of("Post", key), 10));
  ASSERT_TRUE(store_->journal(entry_of("Comment", R"(["1"])"), 10));
  EXPECT_THAT(numbers_of(store_->conflicts({}).value()), testing::ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(numbers_of(store_->conflicts({.model = "Post"}).value()), testing::ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers_of(store_->conflicts({.model = "Post", .key = R"(["1"])"}).value()), testing::ElementsAre(3, 1));
  EXPECT_THAT(numbers_of(store_->conflicts({.limit = 1}).value()), testing::ElementsAre(4));
  EXPECT_THAT(numbers_of(store_->conflicts({.model = "Nothing"}).value()), testing::IsEmpty());
}

TEST_P(StoreContract, JournalDropsTheOldest) {
  for (int at = 0; at < 5; ++at) ASSERT_TRUE(store_->journal(entry_of("Post", R"(["1"])"), 3));
  EXPECT_THAT(numbers_of(store_->conflicts({}).value()), testing::ElementsAre(5, 4, 3));
  ASSERT_TRUE(store_->journal(entry_of("Post", R"(["1"])"), 1)) << "a smaller bound takes hold";
  EXPECT_THAT(numbers_of(store_->conflicts({}).value()), testing::ElementsAre(6));
}

TEST_P(StoreContract, JournalIsNoPartOfTheRecords) {
  create("1");
  ASSERT_TRUE(store_->journal(entry_of("Post", R"(["1"])"), 3));
  EXPECT_EQ(put(post("1", "new"), 1).kind, PutOutcome::Kind::written);
  EXPECT_EQ(listed({}).size(), 1U);
}

TEST_P(StoreContract, JournalIsKept) {
  if (!place_->keeps_its_content()) GTEST_SKIP() << "this kind forgets";
  ASSERT_TRUE(store_->journal(entry_of("Post", R"(["1"])"), 3));
  reopen();
  EXPECT_EQ(store_->conflicts({}).value().size(), 1U);
}

}  // namespace
}  // namespace holdfast::server
