// Earlier versions of records with a long history. For every kind of store.
#include <map>

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

constexpr std::int64_t many = 40;

using Runs = std::vector<std::function<void()>>;

}  // namespace

TEST_P(StoreContract, FindsEveryVersionOfALongHistory) {
  std::map<std::string, std::vector<Image>> written{{"a", {}}, {"b", {}}};
  Record comment(comments_);
  comment["id"] = "a";  // The same key in another model.
  for (std::int64_t version = 0; version < many; ++version) {
    for (auto& [id, images] : written) {
      const bool is_deleted = version == 10 || version == many - 2;
      images.push_back(put(post(id, id + std::to_string(version)), version, is_deleted).image);
    }
    if (version < 3) put(comment, version);
  }
  for (const auto& [id, images] : written) {
    for (const auto& image : images) {
      EXPECT_EQ(store_->image_at(posts_, key_of(id), image.metadata.version).value(), image);
    }
    EXPECT_FALSE(store_->image_at(posts_, key_of(id), -1).value().has_value());
    EXPECT_FALSE(store_->image_at(posts_, key_of(id), 0).value().has_value());
    EXPECT_FALSE(store_->image_at(posts_, key_of(id), many + 1).value().has_value());
  }
  EXPECT_EQ(store_->image_at(comments_, key_of("a"), 2).value()->record, comment);
  EXPECT_FALSE(store_->image_at(comments_, key_of("a"), 4).value().has_value());
  EXPECT_FALSE(store_->image_at(posts_, key_of("none"), 1).value().has_value());
}

TEST_P(StoreContract, APutStandsOnWhatItsRecordIsNowWhateverWasReadBefore) {
  Record comment(comments_);
  comment["id"] = "a";
  put(comment, 0);
  put(comment, 1);
  const auto read = [&](const ModelSchema& model, const std::string& id) {
    const auto image = store_->get(model, key_of(id)).value();
    return image ? image->metadata.version : 0;
  };
  const Runs works{[&] {
                     EXPECT_EQ(read(posts_, "a"), 0);
                     EXPECT_EQ(put(post("a"), 0).kind, PutOutcome::Kind::written);
                     EXPECT_EQ(put(post("a"), 0).kind, PutOutcome::Kind::changed_meanwhile);
                     EXPECT_EQ(put(post("a"), 1).kind, PutOutcome::Kind::written);
                     EXPECT_EQ(read(comments_, "a"), 2);
                     EXPECT_EQ(put(post("a", "third"), 2).kind, PutOutcome::Kind::written);
                   },
                   [&] {
                     EXPECT_EQ(read(posts_, "a"), 3);
                     EXPECT_EQ(read(posts_, "b"), 0);
                     EXPECT_EQ(put(post("a"), 3, true).kind, PutOutcome::Kind::written);
                     EXPECT_EQ(read(posts_, "a"), 4);
                     EXPECT_EQ(put(post("a"), 3).image.metadata.version, 4);
                     EXPECT_EQ(put(post("a", "fifth"), 4).kind, PutOutcome::Kind::written);
                   }};
  for (const auto& kept : store_->put_together(works)) EXPECT_TRUE(kept);
  EXPECT_EQ(store_->image_at(posts_, key_of("a"), 3).value()->record["title"], Value("third"));
  EXPECT_TRUE(store_->image_at(posts_, key_of("a"), 4).value()->metadata.is_deleted);
  EXPECT_EQ(store_->image_at(posts_, key_of("a"), 5).value()->record["title"], Value("fifth"));
  EXPECT_FALSE(store_->get(posts_, key_of("b")).value().has_value());
  EXPECT_EQ(store_->get(comments_, key_of("a")).value()->metadata.version, 2);
}

TEST_P(TrimContract, ForgetsTheBeginningOfALongHistory) {
  Instant cut{};
  for (std::int64_t version = 0; version < many; ++version) {
    write("a", version);
    write("b", version);
    if (version == 20) cut = clock_.now;
  }
  trim(cut);
  std::vector<std::int64_t> left;
  for (std::int64_t version = 20; version <= many; ++version) left.push_back(version);
  EXPECT_EQ(kept("b"), left);
  left.erase(left.begin());  // Its version 21 is the older of the two.
  EXPECT_EQ(kept("a"), left);
}

TEST_P(TrimContract, ForgetsATombstoneWithItsLongHistoryAndBeginsAnew) {
  for (std::int64_t version = 0; version < many; ++version) write("a", version, version + 1 == many);
  write("b", 0);
  clock_.now += std::chrono::hours(1);
  trim(clock_.now, clock_.now, 7);
  EXPECT_TRUE(kept("a").empty());
  for (std::int64_t version = 0; version < 20; ++version) write("a", version);
  EXPECT_EQ(kept("a").size(), 20U);
}

}  // namespace holdfast::server
