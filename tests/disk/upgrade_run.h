// An upgrade of a file on a disk that fails, or loses power, at any of its calls: it is the old file or the new one.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "client/storage/sqlite/scratch_folder.h"
#include "sqlite/testing/fault_disk.h"
#include "tests/disk/sample.h"
#include "tests/disk/workload.h"

namespace holdfast::disk {

/// The old file, a run of the upgrade without faults, and what it came to.
class UpgradeRun {
 public:
  using Fault = sqlite::testing::Fault;
  using Opens = std::function<bool(const std::string& path)>;
  using Expect = std::function<void(const std::string& path)>;

  /// `write_old` writes the file. `opens` opens one, which upgrades it.
  UpgradeRun(const Expect& write_old, Opens opens) : opens_(std::move(opens)) {
    write_old(old_file_);
    old_content_ = content_of(old_file_);
    const auto path = folder_.file("new.db");
    std::filesystem::copy_file(old_file_, path);
    sqlite::testing::FaultDisk disk;
    HOLDFAST_ASSERT(opens_(disk.uri(path)), "it can be upgraded");
    calls_ = disk.calls();
    new_content_ = content_of(path);
  }

  /// At some `count` of the calls, until something is wrong. `expect_whole` opens what is left once more, and looks at it.
  void fail_at_some(std::uint64_t count, std::initializer_list<Fault> faults, const Expect& expect_whole) const {
    for (const auto fault : faults) {
      for (const auto call : sampled_calls(calls_, count)) {
        fail_at(call, fault, expect_whole);
        if (::testing::Test::HasFailure()) return;
      }
    }
  }

 private:
  void fail_at(std::uint64_t call, Fault fault, const Expect& expect_whole) const {
    SCOPED_TRACE("fault " + std::to_string(static_cast<int>(fault)) + " at call " + std::to_string(call));
    client::ScratchFolder folder;
    sqlite::testing::FaultDisk disk;
    const auto path = folder.file("upgraded.db");
    std::filesystem::copy_file(old_file_, path);
    disk.fail_at(call, fault);
    const bool is_told = opens_(disk.uri(path));
    EXPECT_TRUE(disk.has_failed());
    if (fault == Fault::power_cut) {
      disk.restore_power(call + seed());
    } else {
      disk.heal();
    }
    const auto left = content_of(path);
    EXPECT_TRUE(left == new_content_ || (!is_told && left == old_content_)) << "something between the two";
    expect_whole(path);
    EXPECT_EQ(content_of(path), new_content_);
  }

  client::ScratchFolder folder_ = {};
  std::string old_file_ = folder_.file("old.db");
  std::string old_content_ = {};
  std::string new_content_ = {};
  std::uint64_t calls_ = 0;
  Opens opens_;
};

}  // namespace holdfast::disk
