// FaultDisk: a disk for SQLite that fails at a given call, fills up, or loses power. For tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace holdfast::sqlite::testing {

enum class Fault : std::uint8_t {
  io_error,   ///< The one call fails with EIO; a write has then written half.
  disk_full,  ///< It and every later one that needs room fails with ENOSPC, until heal().
  power_cut,  ///< It and every later call fails, reads too, until restore_power().
};

/// SQLite's own file layer with faults in front, on real files. Counted calls, from 1: making or opening a file, write,
/// truncation, sync, removal, growth of the shared memory. Syncs do not reach the real disk: what they promise is kept
/// in UnsyncedFiles. Thread-safe. Connections opened through it must be closed before it goes.
class FaultDisk {
 public:
  FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;
  ~FaultDisk();

  /// How to open the file of this path on this disk.
  [[nodiscard]] std::string uri(const std::string& path) const;

  /// Plans one fault: at the `call`-th counted call from now on, 1 being the next.
  void fail_at(std::uint64_t call, Fault fault);
  /// Ends a disk_full and forgets what is planned.
  void heal();
  /// With every connection closed: the files become what may be left of them. The seed decides what of the unsynced
  /// writes is there (UnsyncedFiles::settle).
  void restore_power(std::uint64_t seed);

  [[nodiscard]] std::uint64_t calls() const;    ///< Counted so far.
  [[nodiscard]] bool has_failed() const;        ///< The planned fault has come.
  [[nodiscard]] bool has_power() const;         ///< No power_cut has come, or the power is back.
  /// From now on a sync answers and promises nothing: what a program would lose that does not sync.
  void ignore_syncs();

  class Inside;  ///< For the file layer.

 private:
  std::unique_ptr<Inside> inside_;
};

}  // namespace holdfast::sqlite::testing
