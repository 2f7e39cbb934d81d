// The disk that fails must itself do what it says, or the tests on it prove nothing.
#include "sqlite/testing/fault_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "sqlite/connection.h"
#include "sqlite/testing/unsynced_files.h"

namespace holdfast::sqlite::testing {
namespace {

using ::testing::HasSubstr;

class FaultDiskTest : public ::testing::Test {
 protected:
  FaultDiskTest() { std::filesystem::create_directories(folder_); }
  ~FaultDiskTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "t.db"; }
  Connection open(const std::string& synchronous) {
    auto connection = Connection::open({.path = disk_.uri(path())}).value();
    EXPECT_TRUE(connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=" + synchronous + "; CREATE TABLE IF NOT EXISTS t(a)"));
    return connection;
  }
  /// How many of ten rows, each committed, are there after a power cut right behind them.
  std::int64_t rows_left(const std::string& synchronous, std::uint64_t seed) {
    {
      auto connection = open(synchronous);
      EXPECT_TRUE(connection.run("DELETE FROM t; PRAGMA wal_checkpoint(TRUNCATE)"));
      for (int row = 0; row < 10; ++row) EXPECT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
      disk_.fail_at(1, Fault::power_cut);
    }
    disk_.restore_power(seed);
    auto connection = open(synchronous);
    EXPECT_EQ(*connection.text_of("PRAGMA integrity_check"), "ok");
    return *connection.integer_of("SELECT count(*) FROM t");
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("holdfast_fault_" + std::to_string(getpid()));
  FaultDisk disk_;
};

TEST_F(FaultDiskTest, KeepsWhatWasSyncedAndMayLoseTheRest) {
  std::set<std::int64_t> left;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    EXPECT_EQ(rows_left("FULL", seed), 10);
    left.insert(rows_left("NORMAL", seed));
  }
  EXPECT_TRUE(left.contains(0)) << "everything that was not synced can be lost";
  EXPECT_TRUE(left.contains(10)) << "and kept";
  EXPECT_GT(left.size(), 3U) << "and anything between";
}

TEST_F(FaultDiskTest, MayLoseWhatASyncThatIsIgnoredPromised) {
  {
    auto connection = open("FULL");
    disk_.ignore_syncs();
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(disk_.has_power());
    disk_.fail_at(1, Fault::power_cut);
  }
  EXPECT_FALSE(disk_.has_power());
  disk_.restore_power(1);  // Nothing of what was not synced is kept.
  EXPECT_TRUE(disk_.has_power());
  auto connection = open("FULL");
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM t"), 0);
}

TEST_F(FaultDiskTest, FailsOneCallAndThenNoMore) {
  auto connection = open("FULL");
  disk_.fail_at(2, Fault::io_error);
  const auto failed = connection.run("INSERT INTO t VALUES (1)");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::storage_failed);
  EXPECT_THAT(failed.error().message, ::testing::AllOf(HasSubstr(path()), HasSubstr("disk I/O error"), HasSubstr("try again")));
  EXPECT_TRUE(disk_.has_failed());
  EXPECT_TRUE(connection.run("INSERT INTO t VALUES (2)"));
  EXPECT_EQ(*connection.integer_of("SELECT sum(a) FROM t"), 2);
}

TEST_F(FaultDiskTest, StaysFullUntilThereIsRoomAgain) {
  auto connection = open("FULL");
  disk_.fail_at(1, Fault::disk_full);
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_EQ(connection.run("INSERT INTO t VALUES (1)").error().code, Code::disk_full);
  }
  EXPECT_EQ(*connection.integer_of("SELECT count(*) FROM t"), 0) << "reading needs no room";
  disk_.heal();
  EXPECT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
}

TEST_F(FaultDiskTest, AFullDiskOnWhichNoFileCanBeMadeIsCalledFull) {
  disk_.fail_at(1, Fault::disk_full);
  auto connection = Connection::open({.path = disk_.uri(path())});
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, Code::disk_full);
  EXPECT_THAT(connection.error().message, HasSubstr("free some space"));
}

TEST_F(FaultDiskTest, NamesAreLostInTheirOrderAndSectorsEachForItself) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::ofstream(path(), std::ios::binary) << "old";
    UnsyncedFiles files;
    files.meet(path());
    files.remove(path(), false);
    files.create(path());
    files.write(path(), 0, std::string(1024, 'n'));
    files.settle(seed);
    std::ifstream file(path(), std::ios::binary);
    outcomes.insert(file.good() ? std::string(std::istreambuf_iterator<char>(file), {}) : "none");
  }
  EXPECT_TRUE(outcomes.contains("old"));
  EXPECT_TRUE(outcomes.contains("none"));
  EXPECT_TRUE(outcomes.contains(""));
  EXPECT_TRUE(outcomes.contains(std::string(1024, 'n')));
  EXPECT_TRUE(outcomes.contains(std::string(512, '\0') + std::string(512, 'n'))) << "the second sector alone";
  for (const auto& outcome : outcomes) {
    const bool is_mixed = outcome != "old" && outcome.find('o') != std::string::npos && outcome != "none";
    EXPECT_FALSE(is_mixed) << "a new file never holds what the old one held";
  }
}

}  // namespace
}  // namespace holdfast::sqlite::testing
