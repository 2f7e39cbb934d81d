// SimDisk: a device's Storage that survives the device, and can stop the world at a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "client/storage/storage.h"

namespace holdfast::simulation {

/// When the process dies: before a transaction is committed, or right after.
enum class CrashPoint : std::uint8_t { before_commit, after_commit };

/// What stays when a device's process dies: the inner storage. Each incarnation gets a `Storage` in front of it,
/// which turns dead at the crash: from then on nothing of the incarnation reaches the disk.
class SimDisk {
 public:
  explicit SimDisk(std::unique_ptr<client::Storage> inner) : inner_(std::move(inner)) {}

  [[nodiscard]] client::Storage& inner() { return *inner_; }
  /// The Storage of a new incarnation; the one before is dead from now on.
  std::unique_ptr<client::Storage> mount();
  /// The process dies at the `writes`-th transaction from now (1: the next).
  void crash_at(unsigned writes, CrashPoint point);
  /// Nothing of the current incarnation reaches the disk any more.
  void unmount() { ++incarnation_; }
  /// Transactions that were asked for since the beginning: what was read of the disk stays true while it stays the same.
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

  std::unique_ptr<client::Storage> inner_;
  std::uint64_t incarnation_ = 0;
  std::uint64_t writes_ = 0;
  bool has_crashed_ = false;
  unsigned writes_left_ = 0;  // 0: no crash is planned.
  CrashPoint point_ = CrashPoint::before_commit;
};

}  // namespace holdfast::simulation
