// What a store forgets, and what it may not forget. For every kind of store.
#include "server/store/store_contract.h"

namespace holdfast::server {

void TrimContract::write(const std::string& id, std::int64_t expected_version, bool is_deleted, std::string mutation_id) {
  clock_.now += std::chrono::minutes(1);
  const auto outcome = put(post(id, "v" + std::to_string(expected_version + 1)), expected_version, is_deleted,
                           std::move(mutation_id));
  EXPECT_EQ(outcome.kind, PutOutcome::Kind::written);
}

void TrimContract::trim(Instant changes_before, Instant tombstones_before, std::uint32_t rows_max) {
  for (int batches = 0; batches < 1000; ++batches) {
    const auto has_more = store_->trim({&posts_}, {changes_before, tombstones_before, rows_max});
    if (!has_more) ADD_FAILURE() << has_more.error().message;
    if (!has_more || !*has_more) return;
  }
  ADD_FAILURE() << "trimming has no end";
}

std::vector<std::int64_t> TrimContract::kept(const std::string& id) {
  std::vector<std::int64_t> versions;
  for (std::int64_t version = 1; version < 60; ++version) {
    if (store_->image_at(posts_, key_of(id), version).value()) versions.push_back(version);
  }
  return versions;
}

TEST_P(TrimContract, KeepsWhatWasTheLatestWithinTheRetention) {
  const Instant start = clock_.now;
  for (std::int64_t version = 0; version < 4; ++version) write("a", version);
  write("other", 0);
  // Versions 1 to 4 at minutes 1 to 4: until minute 3, version 2 was what a device saw.
  trim(start + std::chrono::minutes(3));
  EXPECT_EQ(kept("a"), (std::vector<std::int64_t>{2, 3, 4}));
  trim(start + std::chrono::minutes(3) + Milliseconds(1));
  EXPECT_EQ(kept("a"), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(kept("other"), std::vector<std::int64_t>{1});
}

TEST_P(TrimContract, KeepsTheStandingVersionHoweverOldAndKnowsItWhenItIsSuperseded) {
  write("a", 0);
  write("a", 1);
  clock_.now += std::chrono::hours(24 * 365);
  trim(clock_.now, clock_.now);
  EXPECT_EQ(kept("a"), std::vector<std::int64_t>{2});
  write("a", 2);
  trim(clock_.now, clock_.now);
  EXPECT_EQ(kept("a"), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->metadata.version, 3);
  EXPECT_EQ(store_->changed_since(posts_, {}, 10, "").value().images.size(), 1U);
}

TEST_P(TrimContract, ForgetsAMutationWithItsRow) {
  write("a", 0, false, "m1");
  write("a", 1, false, "m2");
  write("a", 2, false, "m3");
  trim(clock_.now);
  EXPECT_FALSE(store_->find_mutation("m1").value().has_value());
  EXPECT_TRUE(store_->find_mutation("m2").value().has_value());
  EXPECT_EQ(put(post("a"), 3, false, "m2").kind, PutOutcome::Kind::repeated);
  EXPECT_EQ(put(post("a"), 3, false, "m1").kind, PutOutcome::Kind::written);
}

TEST_P(TrimContract, ForgetsOldTombstonesAltogether) {
  for (const auto* id : {"a", "b", "c"}) write(id, 0);
  write("a", 1, true, "m1");
  const Instant before = clock_.now + Milliseconds(1);
  write("b", 1, true);
  trim(clock_.now, before);
  EXPECT_FALSE(store_->get(posts_, key_of("a")).value().has_value());
  EXPECT_FALSE(store_->find_mutation("m1").value().has_value());
  EXPECT_TRUE(kept("a").empty());
  EXPECT_EQ(ids_of(listed({.with_tombstones = true})), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(ids_of(store_->changed_since(posts_, {}, 10, "").value().images), (std::vector<std::string>{"c", "b"}));
  EXPECT_EQ(create("a").metadata.version, 1);
  EXPECT_EQ(kept("a"), std::vector<std::int64_t>{1});
}

TEST_P(TrimContract, ForgetsATombstoneInItsIndexesToo) {
  Record record = post("a");
  record["blog"] = "b1";
  put(record, 0);
  put(record, 1, true);
  write("other", 0);
  const Store::IndexOptions options{.fields = {"blog"}, .with_tombstones = true};
  EXPECT_EQ(store_->read_index(posts_, options, {{{"b1"}, {}}}).value().front().images.size(), 1U);
  clock_.now += std::chrono::hours(1);
  trim(clock_.now, clock_.now);
  EXPECT_TRUE(store_->read_index(posts_, options, {{{"b1"}, {}}}).value().front().images.empty());
}

TEST_P(TrimContract, KeepsARecordThatCameBack) {
  write("a", 0);
  write("a", 1, true);
  write("a", 2);
  write("b", 0);
  clock_.now += std::chrono::hours(1);
  trim(clock_.now, clock_.now);
  EXPECT_EQ(store_->get(posts_, key_of("a")).value()->metadata.version, 3);
  EXPECT_EQ(kept("a"), std::vector<std::int64_t>{3});
}

TEST_P(TrimContract, NeverForgetsTheNewestWriteOfTheStore) {
  write("a", 0);
  write("a", 1, true);
  const auto last = store_->get(posts_, key_of("a")).value();
  trim(clock_.now + std::chrono::hours(1), clock_.now + std::chrono::hours(1));
  EXPECT_EQ(store_->get(posts_, key_of("a")).value(), last);
  clock_.now -= std::chrono::hours(1);
  if (place_->keeps_its_content()) reopen();
  EXPECT_GT(create("b").metadata.last_changed_at, last->metadata.last_changed_at);
}

TEST_P(TrimContract, WorksInSmallBatchesAndGoesOnWhereItWas) {
  for (int at = 0; at < 10; ++at) {
    write("r" + std::to_string(at), 0);
    write("r" + std::to_string(at), 1, at % 2 == 0);
  }
  write("last", 0);
  clock_.now += std::chrono::hours(1);
  EXPECT_TRUE(store_->trim({&posts_}, {clock_.now, clock_.now, 3}).value());
  EXPECT_EQ(kept("r0"), std::vector<std::int64_t>{2});
  EXPECT_EQ(kept("r9"), (std::vector<std::int64_t>{1, 2}));
  if (place_->keeps_its_content()) reopen();
  trim(clock_.now, clock_.now, 3);
  EXPECT_EQ(kept("r9"), std::vector<std::int64_t>{2});
  EXPECT_EQ(listed({.with_tombstones = true}).size(), 6U);
  EXPECT_FALSE(store_->trim({&posts_}, {clock_.now, clock_.now, 3}).value());
}

TEST_P(TrimContract, TrimsModelsTogetherThatWereTrimmedApart) {
  const auto comment = [&](std::int64_t expected_version) {
    Record row(comments_);
    row["id"] = "c";
    row["content"] = "v" + std::to_string(expected_version);
    put(row, expected_version);
  };
  for (std::int64_t version = 0; version < 3; ++version) {
    write("a", version);
    comment(version);
  }
  clock_.now += std::chrono::hours(1);
  trim(clock_.now);
  EXPECT_EQ(kept("a"), std::vector<std::int64_t>{3});
  EXPECT_TRUE(store_->image_at(comments_, key_of("c"), 1).value().has_value());
  write("a", 3);
  clock_.now += std::chrono::hours(1);
  while (store_->trim({&posts_, &comments_}, {clock_.now, {}, 2}).value()) {
  }
  EXPECT_EQ(kept("a"), std::vector<std::int64_t>{4});
  EXPECT_FALSE(store_->image_at(comments_, key_of("c"), 2).value().has_value());
  EXPECT_TRUE(store_->image_at(comments_, key_of("c"), 3).value().has_value());
}

TEST_P(TrimContract, LeavesOtherModelsAlone) {
  Record comment(comments_);
  comment["id"] = "a";
  put(comment, 0);
  put(comment, 1, true);
  write("a", 0);
  clock_.now += std::chrono::hours(1);
  trim(clock_.now, clock_.now);
  EXPECT_TRUE(store_->get(comments_, key_of("a")).value().has_value());
  EXPECT_TRUE(store_->image_at(comments_, key_of("a"), 1).value().has_value());
}

}  // namespace holdfast::server
