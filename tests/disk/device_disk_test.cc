// The disk under a device fails, fills up or loses power at every call of a workload: nothing that was acknowledged is
// lost, nothing is there by half, and the store goes on.
//
// A normal run samples the calls; HOLDFAST_EVERY_CALL=1 takes them all, HOLDFAST_SEED=n another sample (`make faults`).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "client/storage/sqlite/scratch_folder.h"
#include "sqlite/testing/fault_disk.h"
#include "tests/disk/sample.h"
#include "tests/disk/workload.h"

namespace holdfast::disk {
namespace {

using client::Commit;
using sqlite::testing::Fault;
using sqlite::testing::FaultDisk;
using testing::HasSubstr;

/// What a run without faults does: the calls it makes, and the database after each commit; first, before any.
struct Reference {
  std::uint64_t calls = 0;
  std::vector<std::string> contents = {};
};

Reference run_without_faults(bool syncs_every_commit) {
  client::ScratchFolder folder;
  FaultDisk disk;
  Reference reference;
  const auto path = folder.file("device.db");
  const auto note = [&](Commit) {
    reference.contents.push_back(content_of(path));
    EXPECT_EQ(damage_of(path), "");
  };
  Bench bench({.path = disk.uri(path), .syncs_every_commit = syncs_every_commit, .on_commit = note});
  EXPECT_TRUE(bench.open());
  reference.contents.push_back(content_of(path));
  for (const auto& step : steps()) EXPECT_TRUE(step.run(bench)) << step.name;
  bench.close();
  reference.calls = disk.calls();
  return reference;
}

const Reference& reference(bool syncs_every_commit) {
  static const auto full = run_without_faults(true);
  static const auto normal = run_without_faults(false);
  return syncs_every_commit ? full : normal;
}

// --- power ---------------------------------------------------------------------------------------------------

/// Commits that were told to the application before the power went, by their place in the reference.
struct Told {
  std::size_t last = 0;
  std::size_t last_durable = 0;
};

Told run_until_cut(Bench& bench, Told& told) {
  if (!bench.open()) return told;
  for (const auto& step : steps()) {
    if (!step.run(bench)) break;
  }
  return told;
}

void cut_power_at(std::uint64_t call, std::uint64_t seed, bool syncs_every_commit) {
  SCOPED_TRACE("power cut at call " + std::to_string(call) + ", seed " + std::to_string(seed));
  client::ScratchFolder folder;
  FaultDisk disk;
  const auto path = folder.file("device.db");
  Told told;
  Bench bench({.path = disk.uri(path), .syncs_every_commit = syncs_every_commit, .on_commit = [&](Commit commit) {
                 ++told.last;
                 if (commit == Commit::durable) told.last_durable = told.last;
               }});
  disk.fail_at(call, Fault::power_cut);
  run_until_cut(bench, told);
  bench.close();
  disk.restore_power(seed);

  const auto before = told;
  const auto opened = bench.open();
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(damage_of(path), "");
  const auto& contents = reference(syncs_every_commit).contents;
  const auto first = contents.begin() + static_cast<std::ptrdiff_t>(syncs_every_commit ? before.last_durable : 0);
  const auto end = contents.begin() + static_cast<std::ptrdiff_t>(std::min(before.last + 2, contents.size()));
  const auto content = content_of(path);
  EXPECT_NE(std::find(first, end, content), end)
      << "no state between commit " << before.last_durable << " and " << before.last + 1;
  const auto again = steps().back().run(bench);
  EXPECT_TRUE(again) << again.error().message;
}

TEST(DeviceDisk, APowerCutTakesNoAcknowledgedSave) {
  for (const auto call : sampled_calls(reference(true).calls, 100)) {
    cut_power_at(call, call + seed(), true);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(DeviceDisk, APowerCutTakesTheLastSavesOnlyWithNormalDurability) {
  for (const auto call : sampled_calls(reference(false).calls, 50)) {
    cut_power_at(call, call + seed(), false);
    if (testing::Test::HasFailure()) return;
  }
}

// --- failures ------------------------------------------------------------------------------------------------

void expect_clear(const Error& error, Fault fault) {
  EXPECT_TRUE(error.code == Code::disk_full || (error.code == Code::storage_failed && fault == Fault::io_error))
      << name(error.code);
  EXPECT_THAT(error.message, HasSubstr("device.db"));
  EXPECT_THAT(error.message, HasSubstr("try again"));
}

/// Tries until it is done; a full disk gets room again after a second failure.
void run_stubbornly(const std::string& name, FaultDisk& disk, Fault fault, const std::function<Result<void>()>& step) {
  for (int attempt = 1;; ++attempt) {
    const auto done = step();
    if (done) return;
    SCOPED_TRACE(name);
    expect_clear(done.error(), fault);
    ASSERT_LT(attempt, 4) << done.error().message;
    if (attempt == 2) disk.heal();
  }
}

void fail_at(std::uint64_t call, Fault fault) {
  SCOPED_TRACE(std::string(fault == Fault::io_error ? "I/O error" : "disk full") + " at call " + std::to_string(call));
  client::ScratchFolder folder;
  FaultDisk disk;
  const auto path = folder.file("device.db");
  Bench bench({.path = disk.uri(path)});
  disk.fail_at(call, fault);
  run_stubbornly("open", disk, fault, [&] { return bench.open(); });
  for (const auto& step : steps()) {
    run_stubbornly(step.name, disk, fault, [&] { return step.run(bench); });
    if (testing::Test::HasFatalFailure()) return;
  }
  bench.close();
  EXPECT_TRUE(disk.has_failed());
  EXPECT_EQ(damage_of(path), "");
  EXPECT_EQ(content_of(path), reference(true).contents.back()) << "every step is done exactly once";
}

TEST(DeviceDisk, AFailedCallFailsOneStepAndLosesNothing) {
  for (const auto call : sampled_calls(reference(true).calls, 80)) {
    fail_at(call, Fault::io_error);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(DeviceDisk, AFullDiskIsSaidAndTheStoreGoesOnWhenThereIsRoom) {
  for (const auto call : sampled_calls(reference(true).calls, 80)) {
    fail_at(call, Fault::disk_full);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace holdfast::disk
