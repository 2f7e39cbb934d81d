// The disk loses power, or fails, at every call in which a backend's file of format 1 is brought to the present one: it is
// the old file or the new one, whole, and opening it again gives every version of every record.
#include <gtest/gtest.h>

#include "server/store/sqlite/format_testing.h"
#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/store_contract.h"
#include "tests/disk/upgrade_run.h"

namespace holdfast::disk {
namespace {

using sqlite::testing::Fault;

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

const UpgradeRun& upgrade() {
  static const UpgradeRun run(
      [](const std::string& path) {
        server::write_format_1(path);
        HOLDFAST_ASSERT(sqlite::Connection::open({.path = path}).value().run(more_rows).has_value(), "it takes the rows");
      },
      [](const std::string& path) { return open(path).has_value(); });
  return run;
}

void expect_upgraded(const std::string& path) {
  const auto opened = open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  auto raw = sqlite::Connection::open({.path = path}).value();
  EXPECT_EQ(server::damage_of_log(raw), "");
}

TEST(BackendUpgradeDisk, APowerCutLeavesTheOldFileOrTheNewOne) {
  upgrade().fail_at_some(80, {Fault::power_cut}, expect_upgraded);
}

TEST(BackendUpgradeDisk, AFailureLeavesTheOldFileOrTheNewOne) {
  upgrade().fail_at_some(40, {Fault::io_error, Fault::disk_full}, expect_upgraded);
}

}  // namespace
}  // namespace holdfast::disk
