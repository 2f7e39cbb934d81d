// A log that is written in large pieces holds what one written page by page holds: for other connections, after a
// rollback, when the disk fails, and when the power goes.
#include "sqlite/gathered_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "sqlite/connection.h"
#include "sqlite/testing/fault_disk.h"

namespace holdfast::sqlite {
namespace {

using testing::Fault;
using testing::FaultDisk;

class GatheredLogTest : public ::testing::Test {
 protected:
  GatheredLogTest() { std::filesystem::create_directories(folder_); }
  ~GatheredLogTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "t.db"; }
  /// With a cache of ten pages: a large transaction writes pages to the log before it commits, and again after.
  Connection open(bool gathers = true) {
    auto connection = Connection::open({.path = disk_.uri(path())}).value();
    run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=10;"
                    "PRAGMA wal_autocheckpoint=0; CREATE TABLE IF NOT EXISTS t(a INTEGER PRIMARY KEY, b TEXT NOT NULL)");
    EXPECT_TRUE(!gathers || connection.gather_log_writes());
    return connection;
  }
  static void run(Connection& connection, const std::string& sql) {
    const auto done = connection.run(sql);
    EXPECT_TRUE(done) << done.error().message;
  }
  /// Rows of a third of a page each.
  static std::string insertion(int rows) {
    return "INSERT INTO t(b) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(rows) + ") SELECT printf('%01300d', i) FROM n";
  }
  static std::int64_t rows_of(Connection& connection) {
    EXPECT_EQ(connection.text_of("PRAGMA integrity_check").value(), "ok");
    return connection.integer_of("SELECT count(*) FROM t").value();
  }
  std::uint64_t calls_of_a_commit(bool gathers) {
    auto connection = open(gathers);
    run(connection, "PRAGMA cache_size=500; " + insertion(1));
    const auto before = disk_.calls();
    run(connection, insertion(40));
    return disk_.calls() - before;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("holdfast_gathered_" + std::to_string(getpid()));
  FaultDisk disk_;
};

TEST_F(GatheredLogTest, ACommitOfManyPagesIsOneWriteAndOneSync) {
  EXPECT_GT(calls_of_a_commit(false), 25U) << "SQLite writes two pieces a page";
  EXPECT_EQ(calls_of_a_commit(true), 2U);
}

TEST_F(GatheredLogTest, OthersSeeEachCommitAtOnce) {
  auto writer = open();
  auto reader = open(false);
  for (int commit = 1; commit <= 20; ++commit) {
    run(writer, insertion(commit));
    EXPECT_EQ(rows_of(reader), commit * (commit + 1) / 2);
  }
}

TEST_F(GatheredLogTest, PagesThatLeftTheCacheBeforeTheCommitAreReadAndWrittenAgain) {
  auto writer = open();
  auto reader = open(false);
  run(writer, "BEGIN; " + insertion(400) + "; UPDATE t SET b = 'x' || b; DELETE FROM t WHERE a % 2 = 0");
  EXPECT_EQ(rows_of(reader), 0);
  run(writer, "COMMIT");
  EXPECT_EQ(rows_of(reader), 200);
  EXPECT_EQ(reader.integer_of("SELECT count(*) FROM t WHERE b LIKE 'x0%'").value(), 200);
  EXPECT_EQ(rows_of(writer), 200);
}

TEST_F(GatheredLogTest, WhatIsRolledBackLeavesNothingInTheLog) {
  auto writer = open();
  auto reader = open(false);
  run(writer, insertion(5));
  run(writer, "BEGIN; " + insertion(400) + "; ROLLBACK");
  run(writer, insertion(7));
  EXPECT_EQ(rows_of(reader), 12);
}

// The other connection's commit goes to the place in the log where the one that was taken back was to go.
TEST_F(GatheredLogTest, WhatIsRolledBackNeverReachesTheLogOfAnother) {
  auto writer = open();
  auto other = open(false);
  run(other, "PRAGMA synchronous=NORMAL");
  run(writer, insertion(305));
  // Nothing of the transaction is read from the log again, neither in it nor when it is taken back.
  run(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
  run(writer, "BEGIN; UPDATE t SET b = b || 'x'; ROLLBACK");
  run(other, "UPDATE t SET b = b || 'y'");
  run(writer, insertion(7));
  run(other, insertion(11));
  EXPECT_EQ(rows_of(other), 323);
  // As after a crash: the log is read again from its file.
  const auto copy = folder_ / "copy.db";
  std::filesystem::copy_file(path(), copy);
  std::filesystem::copy_file(path() + "-wal", copy.string() + "-wal");
  auto recovered = Connection::open({.path = copy}).value();
  EXPECT_EQ(rows_of(recovered), 323);
  EXPECT_EQ(recovered.integer_of("SELECT count(*) FROM t WHERE b LIKE '%y'").value(), 305);
}

TEST_F(GatheredLogTest, TheLogBeginsAnewAfterACheckpointAndWhenItIsCutOff) {
  auto writer = open();
  for (const auto* kind : {"PASSIVE", "RESTART", "TRUNCATE"}) {
    run(writer, insertion(100));
    run(writer, std::string("PRAGMA wal_checkpoint(") + kind + ")");
  }
  run(writer, insertion(1));
  auto reader = open(false);
  EXPECT_EQ(rows_of(reader), 301);
}

TEST_F(GatheredLogTest, AConnectionThatClosesInATransactionLeavesWhatWasCommitted) {
  {
    auto writer = open();
    run(writer, insertion(30));
    run(writer, "BEGIN; " + insertion(400));
  }
  auto reader = open(false);
  EXPECT_EQ(rows_of(reader), 30);
}

TEST_F(GatheredLogTest, AskedTwiceItGathersOnce) {
  auto writer = open();
  ASSERT_TRUE(writer.gather_log_writes());
  run(writer, insertion(50));
  EXPECT_EQ(rows_of(writer), 50);
}

TEST_F(GatheredLogTest, WithoutALogThereIsNothingToGather) {
  auto journaled = Connection::open({.path = disk_.uri(path())}).value();
  EXPECT_TRUE(journaled.gather_log_writes());
  auto in_memory = Connection::open({.path = ":memory:"}).value();
  EXPECT_TRUE(in_memory.gather_log_writes());
  run(journaled, "CREATE TABLE t(a)");
  run(in_memory, "CREATE TABLE t(a)");
}

TEST_F(GatheredLogTest, ACallThatFailsIsAnErrorOfItsTransactionAndOfNoOther) {
  for (const auto fault : {Fault::io_error, Fault::disk_full}) {
    auto writer = open();
    bool is_failing = true;
    for (std::uint64_t call = 1; is_failing; ++call) {
      SCOPED_TRACE("fault at call " + std::to_string(call));
      const auto before = rows_of(writer);
      disk_.fail_at(call, fault);
      const bool is_committed = writer.run("BEGIN; " + insertion(120) + "; COMMIT").has_value();
      is_failing = disk_.has_failed();
      disk_.heal();
      const bool is_told = fault == Fault::io_error;  // A full disk still syncs.
      EXPECT_TRUE(!is_told || is_committed != is_failing);
      if (writer.is_in_transaction()) run(writer, "ROLLBACK");
      run(writer, insertion(1));
      EXPECT_EQ(rows_of(writer), before + (is_committed ? 121 : 1));
      auto reader = open(false);
      EXPECT_EQ(rows_of(reader), before + (is_committed ? 121 : 1));
    }
  }
}

TEST_F(GatheredLogTest, APowerCutAtAnyCallTakesNoCommitAndLeavesNoHalfOfOne) {
  bool is_cut = true;
  for (std::uint64_t call = 1; is_cut; ++call) {
    SCOPED_TRACE("power cut at call " + std::to_string(call));
    std::int64_t told = 0;
    {
      auto writer = open();
      run(writer, "DELETE FROM t; PRAGMA wal_checkpoint(TRUNCATE)");
      disk_.fail_at(call, Fault::power_cut);
      while (told < 240 && writer.run("BEGIN; " + insertion(60) + "; COMMIT")) told += 60;
      is_cut = !disk_.has_power();
      if (!is_cut) disk_.fail_at(1, Fault::power_cut);
    }
    disk_.restore_power(call);
    auto reader = open(false);
    const auto left = rows_of(reader);
    EXPECT_TRUE(left == told || left == told + 60) << left << " of " << told;
  }
}

}  // namespace
}  // namespace holdfast::sqlite
