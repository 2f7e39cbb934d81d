// Reads that take longer than a request may.
#include "server/store/deadline.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "server/store/sqlite/sqlite_store.h"

namespace holdfast::server {
namespace {

/// Every look at the clock takes a second.
class SlowClock final : public Clock {
 public:
  Instant wall() override { return from_epoch_ms(1'795'244'400'000 + ++writes_); }
  Tick ticks() override { return now_ += Milliseconds(1'000); }
  void wake_at(Tick /*at*/, std::function<void()> /*task*/) override {}

 private:
  std::int64_t writes_ = 0;
  Tick now_{};
};

class SqliteDeadline : public ::testing::Test {
 protected:
  SqliteDeadline() {
    std::string pattern = std::filesystem::temp_directory_path() / "holdfast_deadline_XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ModelSchema model;
    model.name = "Post";
    model.primary_key = {"id"};
    model.fields.resize(1);
    model.fields[0].name = "id";
    schema_.models.push_back(std::move(model));
    store_ = open_sqlite_store(schema_, clock_, folder_ / "backend.db").value();
  }
  ~SqliteDeadline() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] const ModelSchema& posts() const { return schema_.models.front(); }
  /// Records, or what is left of deleted ones.
  void fill(int rows, bool are_deleted) {
    std::vector<std::function<void()>> works;
    for (int row = 0; row < rows; ++row) {
      works.emplace_back([this, row, are_deleted] {
        Record record(posts());
        record["id"] = std::to_string(row);
        ASSERT_TRUE(store_->put({.record = std::move(record), .is_deleted = are_deleted}).has_value());
      });
    }
    for (const auto& kept : store_->put_together(works)) ASSERT_TRUE(kept.has_value());
  }

  SlowClock clock_;
  Schema schema_;
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteDeadline, EndsAListThatGoesThroughManyRows) {
  fill(5'000, true);
  {
    const ReadDeadline deadline(clock_, clock_.ticks() + Milliseconds(2'500));
    const auto listed = store_->list(posts(), {});
    ASSERT_FALSE(listed.has_value());
    EXPECT_EQ(listed.error().code, Code::timed_out);
    EXPECT_TRUE(store_->get(posts(), Key{{Value("1")}}).has_value()) << "what is quick is done all the same";
  }
  const auto listed = store_->list(posts(), {});
  ASSERT_TRUE(listed.has_value()) << "the connection is as good as before";
  EXPECT_EQ(listed->images.size(), 0U);
}

TEST_F(SqliteDeadline, LeavesWritesAlone) {
  const ReadDeadline deadline(clock_, clock_.ticks());
  fill(2'000, false);
  EXPECT_TRUE(store_->get(posts(), Key{{Value("1999")}}).value().has_value());
}

TEST_F(SqliteDeadline, HoldsForItsBlockAndTheInnermostFirst) {
  EXPECT_FALSE(ReadDeadline::has_passed());
  const ReadDeadline outer(clock_, clock_.ticks());
  EXPECT_TRUE(ReadDeadline::has_passed());
  {
    const ReadDeadline inner(clock_, clock_.ticks() + std::chrono::hours(1));
    EXPECT_FALSE(ReadDeadline::has_passed());
  }
  EXPECT_TRUE(ReadDeadline::has_passed());
}

}  // namespace
}  // namespace holdfast::server
