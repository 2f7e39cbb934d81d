// SimDisk: a device's Storage that survives the device, and can stop the world at a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "client/storage/storage.h"
#include "tests/simulation/medium.h"

namespace holdfast::simulation {

/// When the process dies: before a transaction is committed, right after, or, with the power of the whole device, while
/// it is written.
enum class CrashPoint : std::uint8_t { before_commit, after_commit, power_cut };

/// What stays when a device's process dies: the inner storage. Each incarnation gets a `Storage` in front of it,
/// which turns dead at the crash: from then on nothing of the incarnation reaches the disk.
class SimDisk {
 public:
  explicit SimDisk(Medium medium) : medium_(std::move(medium)) {}

  /// Since the first mount.
  [[nodiscard]] client::Storage& inner() { return *inner_; }
  /// The Storage of a new incarnation; the one before is dead from now on. After a power cut the disk has what it kept
  /// of what was not synced, which `whim` decides. Codes: those of Medium::open.
  Result<std::unique_ptr<client::Storage>> mount(const Schema& schema, std::uint64_t whim);
  /// The process dies at the `writes`-th transaction from now (1: the next); 0: no longer.
  void crash_at(unsigned writes, CrashPoint point);
  /// The power goes at the `calls`-th write, sync or truncation of a file from now. Only for media with power.
  void cut_power_at(std::uint64_t calls);
  /// Nothing of the current incarnation reaches the disk any more.
  void unmount() { ++incarnation_; }
  /// True when the power has gone, also under somebody who only looked; the process is dead then.
  bool notice_power_cut();

  /// Whether the current incarnation is the first after a power cut.
  [[nodiscard]] bool had_power_cut() const { return had_power_cut_; }
  [[nodiscard]] bool has_power_to_lose() const { return medium_.power != nullptr; }
  [[nodiscard]] bool can_change_schema() const { return medium_.can_change_schema; }
  /// Transactions that were asked for since the beginning: what was read stays true while it stays the same.
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] CrashPoint crash_point() const { return point_; }
  [[nodiscard]] bool has_crashed() const { return has_crashed_; }
  /// Whether the transaction that has just been made cannot be committed: it is undone. Null: all can.
  std::function<bool()> fails;
  /// Called at the moment of a crash, before anything else can happen.
  std::function<void()> on_crash;

 private:
  class Mounted;
  void crash();

  const Medium medium_;
  const Schema* schema_ = nullptr;  ///< That `inner_` was opened with.
  std::unique_ptr<client::Storage> inner_;
  std::uint64_t incarnation_ = 0;
  std::uint64_t writes_ = 0;
  bool has_crashed_ = false;
  bool is_cut_planned_ = false;
  bool had_power_cut_ = false;
  unsigned writes_left_ = 0;  // 0: no crash is planned.
  CrashPoint point_ = CrashPoint::before_commit;
};

}  // namespace holdfast::simulation
