// The disk loses power, or fails, at every call in which a backend's file of format 1 is brought to the present one: it is
// the old file or the new one, whole, and opening it again gives every version of every record.
#include <gtest/gtest.h>

#include <filesystem>

#include "client/storage/sqlite/scratch_folder.h"
#include "server/store/sqlite/format_testing.h"
#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/store_contract.h"
#include "sqlite/testing/fault_disk.h"
#include "tests/disk/sample.h"
#include "tests/disk/workload.h"

namespace holdfast::disk {
namespace {

using sqlite::testing::Fault;
using sqlite::testing::FaultDisk;

/// Besides the rows of the file, enough of them that the upgrade is more than a page.
constexpr const char* more_rows =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 599) "
    "INSERT INTO changes(sequence, model, key, version, last_changed_at, is_deleted, image) "
    "SELECT 1000 + i, 'Note', '[\"' || (i % 30) || '\"]', i / 30 + 1, 1800000000000 + i, 0, json_object('id', '' || (i % 30)) "
    "FROM n; "
    "INSERT INTO records SELECT model, key, version, last_changed_at, 0, sequence, sequence - 570, image FROM changes "
    "WHERE sequence >= 1570";

Result<std::unique_ptr<server::Store>> open(const std::string& path) {
  static const Schema schema = server::schema_of_format_1();
  static server::StillClock clock;
  return server::open_sqlite_store(schema, clock, path);
}

/// The old file, a run of the upgrade without faults, and what it came to.
struct Reference {
  client::ScratchFolder folder = {};
  std::string old_file = folder.file("old.db");
  std::string old_content = {};
  std::string new_content = {};
  std::uint64_t calls = 0;

  Reference() {
    server::write_format_1(old_file);
    HOLDFAST_ASSERT(sqlite::Connection::open({.path = old_file}).value().run(more_rows).has_value(), "it takes the rows");
    old_content = content_of(old_file);
    const auto path = folder.file("new.db");
    std::filesystem::copy_file(old_file, path);
    FaultDisk disk;
    HOLDFAST_ASSERT(open(disk.uri(path)).has_value(), "it can be upgraded");
    calls = disk.calls();
    new_content = content_of(path);
  }
};

const Reference& reference() {
  static const Reference made;
  return made;
}

void fail_at(std::uint64_t call, Fault fault) {
  SCOPED_TRACE("fault " + std::to_string(static_cast<int>(fault)) + " at call " + std::to_string(call));
  client::ScratchFolder folder;
  FaultDisk disk;
  const auto path = folder.file("backend.db");
  std::filesystem::copy_file(reference().old_file, path);
  disk.fail_at(call, fault);
  const bool is_told = open(disk.uri(path)).has_value();
  EXPECT_TRUE(disk.has_failed());
  if (fault == Fault::power_cut) {
    disk.restore_power(call + seed());
  } else {
    disk.heal();
  }
  const auto left = content_of(path);
  EXPECT_TRUE(left == reference().new_content || (!is_told && left == reference().old_content)) << "something between the two";
  const auto opened = open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(content_of(path), reference().new_content);
  auto raw = sqlite::Connection::open({.path = path}).value();
  EXPECT_EQ(server::damage_of_log(raw), "");
}

TEST(BackendUpgradeDisk, APowerCutLeavesTheOldFileOrTheNewOne) {
  for (const auto call : sampled_calls(reference().calls, 80)) {
    fail_at(call, Fault::power_cut);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(BackendUpgradeDisk, AFailureLeavesTheOldFileOrTheNewOne) {
  for (const auto fault : {Fault::io_error, Fault::disk_full}) {
    for (const auto call : sampled_calls(reference().calls, 40)) {
      fail_at(call, fault);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace holdfast::disk
