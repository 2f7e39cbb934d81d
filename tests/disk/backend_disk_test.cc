// The backend's store loses power at every call, or its disk fails: every acknowledged mutation is there, once, with its
// line in the change log (invariant 4).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "client/storage/sqlite/scratch_folder.h"
#include "server/store/sqlite/log_testing.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/store_contract.h"
#include "sqlite/connection.h"
#include "sqlite/testing/fault_disk.h"
#include "tests/disk/sample.h"

namespace holdfast::disk {
namespace {

using sqlite::testing::Fault;
using sqlite::testing::FaultDisk;
using testing::HasSubstr;

constexpr int keys = 7;
constexpr int puts = 40;

const Schema& counters() {
  static const Schema schema = [] {
    ModelSchema model{.name = "Counter", .plural_name = "Counters"};
    model.fields = {{.name = "id", .scalar = Scalar::id}, {.name = "count", .scalar = Scalar::integer}};
    model.primary_key = {"id"};
    Schema made;
    made.models = {std::move(model)};
    return made;
  }();
  return schema;
}

server::ConditionalPut put_number(int number, std::int64_t version) {
  Record record(counters().models[0]);
  record["id"] = std::to_string(number % keys);
  record["count"] = number;
  return {.record = std::move(record), .expected_version = version, .mutation_id = "device:" + std::to_string(number)};
}

/// Puts one after the other, each tried again `retries` times when it fails; the version of each key that was told.
std::map<int, std::int64_t> put_all(server::Store& store, int retries, FaultDisk& disk) {
  std::map<int, std::int64_t> told;
  for (int number = 0; number < puts; ++number) {
    auto& version = told[number % keys];
    auto outcome = store.put(put_number(number, version));
    for (int retry = 0; !outcome && retry < retries; ++retry) {
      EXPECT_THAT(outcome.error().message, HasSubstr("try again"));
      disk.heal();
      outcome = store.put(put_number(number, version));
    }
    if (!outcome) return told;
    version = outcome->image.metadata.version;
  }
  return told;
}

void expect_log_agrees(const std::string& path) {
  auto raw = sqlite::Connection::open({.path = path}).value();
  EXPECT_EQ(server::damage_of_log(raw), "");
  EXPECT_EQ(raw.integer_of("SELECT count(*) FROM changes").value(), raw.integer_of("SELECT total(version) FROM records").value());
}

std::uint64_t calls_without_faults() {
  client::ScratchFolder folder;
  FaultDisk disk;
  server::StillClock clock;
  put_all(*server::open_sqlite_store(counters(), clock, disk.uri(folder.file("backend.db"))).value(), 0, disk);
  return disk.calls();
}

void cut_power_at(std::uint64_t call) {
  SCOPED_TRACE("power cut at call " + std::to_string(call));
  client::ScratchFolder folder;
  FaultDisk disk;
  server::StillClock clock;
  const auto path = folder.file("backend.db");
  std::map<int, std::int64_t> told;
  disk.fail_at(call, Fault::power_cut);
  if (auto store = server::open_sqlite_store(counters(), clock, disk.uri(path))) told = put_all(**store, 0, disk);
  disk.restore_power(call + seed());

  const auto store = server::open_sqlite_store(counters(), clock, disk.uri(path));
  ASSERT_TRUE(store) << store.error().message;
  for (const auto& [key, version] : told) {
    const auto image = (*store)->get(counters().models[0], Key{{Value(std::to_string(key))}}).value();
    EXPECT_GE(image ? image->metadata.version : 0, version) << "key " << key;
  }
  expect_log_agrees(path);
  EXPECT_TRUE((*store)->put({.record = put_number(keys - 1, 0).record, .expected_version = told[keys - 1] + puts}))
      << "it goes on: the answer may be that the record has changed";
}

TEST(BackendDisk, APowerCutTakesNoAcknowledgedMutation) {
  for (const auto call : sampled_calls(calls_without_faults(), 60)) {
    cut_power_at(call);
    if (testing::Test::HasFailure()) return;
  }
}

void fail_at(std::uint64_t call, Fault fault) {
  SCOPED_TRACE("fault at call " + std::to_string(call));
  client::ScratchFolder folder;
  FaultDisk disk;
  server::StillClock clock;
  const auto path = folder.file("backend.db");
  disk.fail_at(call, fault);
  auto store = server::open_sqlite_store(counters(), clock, disk.uri(path));
  if (!store) {
    disk.heal();
    store = server::open_sqlite_store(counters(), clock, disk.uri(path));
  }
  ASSERT_TRUE(store) << store.error().message;
  const auto told = put_all(**store, 2, disk);
  std::int64_t all = 0;
  for (const auto& [key, version] : told) all += version;
  EXPECT_EQ(all, puts) << "each is written once";
  expect_log_agrees(path);
}

TEST(BackendDisk, AFailureIsAnErrorOfThePutItMeetsAndOfNoOther) {
  const auto all = calls_without_faults();
  for (const auto fault : {Fault::io_error, Fault::disk_full}) {
    for (const auto call : sampled_calls(all, 40)) {
      fail_at(call, fault);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(BackendDisk, APutIsOneWriteAndOneSync) {
  client::ScratchFolder folder;
  FaultDisk disk;
  server::StillClock clock;
  const auto store = server::open_sqlite_store(counters(), clock, disk.uri(folder.file("backend.db"))).value();
  ASSERT_TRUE(store->put(put_number(0, 0)));
  const auto before = disk.calls();
  ASSERT_TRUE(store->put(put_number(1, 0)));
  EXPECT_EQ(disk.calls() - before, 2U);
}

}  // namespace
}  // namespace holdfast::disk
