// How an earlier version is found: by the index of every sixteenth, in few steps.
#include "server/store/sqlite/versions.h"

#include <gmock/gmock.h>

#include <string>

#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/store_folder.h"
#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

constexpr std::int64_t newest = 70;

/// A note with many versions, beside another one.
class Versions : public testing::Test {
 protected:
  Versions() {
    ModelSchema model;
    model.name = "Note";
    model.primary_key = {"id"};
    model.fields.emplace_back().name = "id";
    schema_.models = {model};
    store_ = open_sqlite_store(schema_, clock_, folder_.file()).value();
    for (std::int64_t version = 0; version < newest; ++version) {
      for (const auto* id : {"a", "b"}) {
        Record note(schema_.models[0]);
        note["id"] = id;
        EXPECT_TRUE(store_->put({note, version}));
      }
    }
  }

  [[nodiscard]] bool finds(std::int64_t version, const char* id = "a") {
    return store_->image_at(schema_.models[0], key_of(id), version).value().has_value();
  }
  void trim() {
    constexpr Instant late = from_epoch_ms(std::int64_t{1} << 52);
    EXPECT_TRUE(store_->trim({&schema_.models[0]}, {late, late}));
  }
  void run(const std::string& sql) { ASSERT_TRUE(raw.run(sql)); }

  StoreFolder folder_;
  Schema schema_;
  StillClock clock_;
  std::unique_ptr<Store> store_;
  sqlite::Connection raw = sqlite::Connection::open({.path = folder_.file()}).value();
};

TEST_F(Versions, FormAChain) {
  EXPECT_EQ(damage_of_log(raw), "");
  EXPECT_EQ(raw.integer_of("SELECT count(*) FROM changes WHERE previous = 0").value(), 2);
}

TEST_F(Versions, AreSearchedByTheIndexOfEverySixteenth) {
  auto plan = raw.prepare("EXPLAIN QUERY PLAN SELECT sequence, version FROM changes WHERE model = ?1 AND key = ?2 AND "
                          "version = ?3 AND version % 16 = 0")
                  .value();
  ASSERT_TRUE(plan.step().value());
  EXPECT_EQ(plan.column_text(3),
            "SEARCH changes USING COVERING INDEX changes_by_sixteenth (model=? AND key=? AND version=?)");
}

TEST_F(Versions, AreReachedFromTheNextIndexedOneHoweverManyFollow) {
  run("DELETE FROM changes WHERE version NOT BETWEEN 17 AND 32 AND version != 70");
  for (std::int64_t version = 17; version <= 32; ++version) EXPECT_TRUE(finds(version)) << version;
  EXPECT_FALSE(finds(16));
  EXPECT_FALSE(finds(33));
}

TEST_F(Versions, OfLateAreReachedFromTheRecord) {
  run("DELETE FROM changes WHERE version < 55");
  for (std::int64_t version = 55; version <= newest; ++version) EXPECT_TRUE(finds(version)) << version;
  EXPECT_FALSE(finds(54));
}

TEST_F(Versions, BehindAMissingOneAreNotThere) {
  run("DELETE FROM changes WHERE version = 60");
  EXPECT_TRUE(finds(61));
  EXPECT_FALSE(finds(60));
  EXPECT_FALSE(finds(59));
  EXPECT_TRUE(finds(48));
}

TEST_F(Versions, AreNeverThoseOfAnotherRecord) {
  run("UPDATE changes SET previous = (SELECT sequence FROM changes WHERE key = '[\"b\"]' AND version = 59) "
      "WHERE key = '[\"a\"]' AND version = 60");
  EXPECT_NE(damage_of_log(raw), "");
  EXPECT_TRUE(finds(60));
  EXPECT_FALSE(finds(59));
}

TEST_F(Versions, AreTrimmedByNoLinkToAnotherRecord) {
  run("UPDATE changes SET previous = (SELECT sequence FROM changes WHERE key = '[\"b\"]' AND version = 70) "
      "WHERE key = '[\"a\"]' AND version = 60");
  trim();
  EXPECT_TRUE(finds(newest, "b")) << "it stands, and it is the newest row of all";
  EXPECT_TRUE(finds(newest));
  EXPECT_EQ(raw.integer_of("SELECT count(*) FROM changes").value(), 3) << "the one that nothing leads to stays";
}

TEST_F(Versions, GoWithNoTombstoneOfAnotherRecord) {
  Record note(schema_.models[0]);
  note["id"] = "a";
  EXPECT_TRUE(store_->put({.record = note, .expected_version = newest, .is_deleted = true}));
  note["id"] = "c";
  EXPECT_TRUE(store_->put({note, 0}));
  run("UPDATE records SET sequence = (SELECT sequence FROM changes WHERE key = '[\"b\"]' AND version = 70) "
      "WHERE key = '[\"a\"]'");
  trim();
  trim();
  EXPECT_EQ(raw.integer_of("SELECT count(*) FROM records").value(), 2) << "the tombstone went";
  EXPECT_TRUE(finds(newest, "b"));
}

}  // namespace
}  // namespace holdfast::server
