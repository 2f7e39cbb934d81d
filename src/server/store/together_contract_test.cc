// Store::put_together: what works see of each other, and what the world sees of them.
#include <gmock/gmock.h>

#include <algorithm>

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

using testing::ElementsAre;

using Runs = std::vector<std::function<void()>>;

TEST_P(StoreContract, WorksReadWhatThoseBeforeThemHavePut) {
  create("a", "first");
  const Runs works{[&] { put(post("a", "second"), 1); },
                   [&] {
                     EXPECT_EQ(store_->get(posts_, key_of("a")).value()->record["title"], Value("second"));
                     EXPECT_EQ(store_->get_all(posts_, {key_of("a")}).value().front()->metadata.version, 2);
                     EXPECT_EQ(store_->image_at(posts_, key_of("a"), 1).value()->record["title"], Value("first"));
                     EXPECT_EQ(put(post("a", "late"), 1).kind, PutOutcome::Kind::changed_meanwhile);
                     EXPECT_EQ(put(post("a", "third"), 2).kind, PutOutcome::Kind::written);
                   }};
  for (const auto& kept : store_->put_together(works)) EXPECT_TRUE(kept);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->record["title"], Value("third"));
}

TEST_P(StoreContract, ListenersHearOfWhatWasPutTogetherInOrderAndBeforeItReturns) {
  std::vector<std::string> heard;
  std::vector<std::int64_t> sequences;
  store_->on_commit([&](const ChangeEntry& change) {
    heard.push_back(change.image.record["title"].as_string() ? *change.image.record["title"].as_string() : "");
    sequences.push_back(change.sequence);
  });
  const Runs works{[&] { put(post("a", "one"), 0); },
                   [&] {
                     put(post("b", "two"), 0);
                     put(post("a", "three"), 1);
                   },
                   [] {}};
  EXPECT_EQ(store_->put_together(works).size(), 3U);
  EXPECT_THAT(heard, ElementsAre("one", "two", "three"));
  EXPECT_TRUE(std::is_sorted(sequences.begin(), sequences.end()));
  put(post("b", "four"), 1);
  EXPECT_EQ(heard.back(), "four");
}

TEST_P(StoreContract, AMutationIsRepeatedAmongThoseThatArePutTogether) {
  const Runs works{[&] { put(post("a", "one"), 0, false, "m1"); },
                   [&] {
                     EXPECT_EQ(store_->find_mutation("m1").value()->record["title"], Value("one"));
                     EXPECT_EQ(put(post("a", "one"), 0, false, "m1").kind, PutOutcome::Kind::repeated);
                   }};
  EXPECT_EQ(store_->put_together(works).size(), 2U);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->metadata.version, 1);
}

TEST_P(StoreContract, ConflictsOfWorksAreJournaled) {
  const Runs works{[&] {
    put(post("a"), 0);
    EXPECT_TRUE(store_->journal({.model = "Post", .key = "a"}, 10));
  }};
  ASSERT_EQ(store_->put_together(works).size(), 1U);
  EXPECT_EQ(store_->conflicts({}).value().size(), 1U);
}

TEST_P(IndexContract, WorksReadIndexesAndListsWithWhatWasPut) {
  const auto count = all().size();
  const Runs works{[&] {
    put(post("new", "t", 1), 0);
    EXPECT_EQ(all().size(), count + 1);
    EXPECT_TRUE(store_->read_index(posts_, {.fields = {"blog", "rating"}}, {{{Value("b1")}}, {{Value("b2")}}}));
  }};
  EXPECT_EQ(store_->put_together(works).size(), 1U);
}

}  // namespace
}  // namespace holdfast::server
