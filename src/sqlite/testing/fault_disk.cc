#include "sqlite/testing/fault_disk.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

#include "holdfast/result.h"
#include "sqlite/testing/unsynced_files.h"

namespace holdfast::sqlite::testing {
namespace {

enum class Need : std::uint8_t { nothing, room };  // Whether a full disk refuses it.

constexpr int journal_kinds = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
constexpr int tracked_kinds = SQLITE_OPEN_MAIN_DB | journal_kinds;

}  // namespace

/// The state behind the layer. `mutex` guards all but the constants.
class FaultDisk::Inside {
 public:
  Inside();
  ~Inside() { sqlite3_vfs_unregister(&layer); }

  enum class Verdict : std::uint8_t { passes, fails_at_once, fails_full, is_dead };
  Verdict judge(Need need);
  [[nodiscard]] bool is_dead();

  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  sqlite3_vfs layer = {};
  std::string name;

  std::mutex mutex;
  UnsyncedFiles files;
  std::set<std::string> databases;  ///< Whose shared memory a power cut takes.
  std::uint64_t count = 0;
  std::uint64_t fails_at = 0;       ///< 0: nothing is planned.
  Fault fault = Fault::io_error;
  bool has_failed = false;
  bool is_full = false;
  bool has_no_power = false;
  bool ignores_syncs = false;
};

FaultDisk::Inside::Verdict FaultDisk::Inside::judge(Need need) {
  ++count;
  if (has_no_power) return Verdict::is_dead;
  if (count == fails_at) {
    has_failed = true;
    is_full = fault == Fault::disk_full;
    has_no_power = fault == Fault::power_cut;
    if (has_no_power) return Verdict::is_dead;
    if (!is_full) return Verdict::fails_at_once;
  }
  return is_full && need == Need::room ? Verdict::fails_full : Verdict::passes;
}

bool FaultDisk::Inside::is_dead() {
  const std::lock_guard lock(mutex);
  return has_no_power;
}

namespace {

using Inside = FaultDisk::Inside;
using Verdict = Inside::Verdict;

/// What SQLite takes for its file: ours, with the real one behind it in the same piece of memory.
struct File {
  sqlite3_file base;
  Inside* disk;
  const char* path;   // Null: a temporary file, which no fault concerns.
  bool syncs_folder;  // With its next sync, as SQLite does for a journal that it has opened.
};

File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(&ours(file) + 1); }
const sqlite3_io_methods& methods(sqlite3_file* file) { return *real(file)->pMethods; }

int failed(Verdict verdict, int io_outcome) {
  errno = verdict == Verdict::fails_full ? ENOSPC : EIO;
  const bool is_full = verdict == Verdict::fails_full && (io_outcome & 0xFF) == SQLITE_IOERR;
  return is_full ? SQLITE_FULL : io_outcome;
}

int close(sqlite3_file* file) { return methods(file).xClose(real(file)); }

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  if (ours(file).disk->is_dead()) return failed(Verdict::is_dead, SQLITE_IOERR_READ);
  return methods(file).xRead(real(file), into, size, at);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  auto& [base, disk, path, syncs_folder] = ours(file);
  if (!path) return methods(file).xWrite(real(file), from, size, at);
  const std::lock_guard lock(disk->mutex);
  const auto verdict = disk->judge(Need::room);
  const bool is_cut = disk->has_failed && disk->count == disk->fails_at;  // Otherwise a dead disk takes nothing.
  const bool passes = verdict == Verdict::passes;
  const int taken = passes || (verdict == Verdict::is_dead && is_cut) ? size : is_cut ? size / 2 : 0;
  if (taken > 0) {
    disk->files.write(path, static_cast<std::size_t>(at), std::string(static_cast<const char*>(from), static_cast<std::size_t>(taken)));
    const int outcome = methods(file).xWrite(real(file), from, taken, at);
    if (outcome != SQLITE_OK) return outcome;
  }
  return passes ? SQLITE_OK : failed(verdict, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& [base, disk, path, syncs_folder] = ours(file);
  if (!path) return methods(file).xTruncate(real(file), size);
  const std::lock_guard lock(disk->mutex);
  const auto verdict = disk->judge(Need::nothing);
  if (verdict != Verdict::passes) return failed(verdict, SQLITE_IOERR_TRUNCATE);
  disk->files.truncate(path, static_cast<std::size_t>(size));
  return methods(file).xTruncate(real(file), size);
}

int sync(sqlite3_file* file, int flags) {
  auto& [base, disk, path, syncs_folder] = ours(file);
  if (!path) return methods(file).xSync(real(file), flags);
  const std::lock_guard lock(disk->mutex);
  const auto verdict = disk->judge(Need::nothing);
  if (verdict != Verdict::passes) return failed(verdict, SQLITE_IOERR_FSYNC);
  if (disk->ignores_syncs) return SQLITE_OK;
  if (std::exchange(syncs_folder, false)) disk->files.sync_names();
  disk->files.sync(path);
  return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
  if (ours(file).disk->is_dead()) return failed(Verdict::is_dead, SQLITE_IOERR_FSTAT);
  return methods(file).xFileSize(real(file), size);
}

int lock(sqlite3_file* file, int level) { return methods(file).xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) { return methods(file).xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* is_held) { return methods(file).xCheckReservedLock(real(file), is_held); }

int control(sqlite3_file* file, int what, void* with) {
  // Hints that would write past our count, and the layer's name.
  if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return methods(file).xFileControl(real(file), what, with);
}

int sector_size(sqlite3_file* file) { return methods(file).xSectorSize(real(file)); }
int traits(sqlite3_file* file) { return methods(file).xDeviceCharacteristics(real(file)); }

int map_shared(sqlite3_file* file, int region, int size, int is_growing, void volatile** at) {
  auto& disk = *ours(file).disk;
  {
    const std::lock_guard guard(disk.mutex);
    const auto verdict = is_growing ? disk.judge(Need::room) : disk.has_no_power ? Verdict::is_dead : Verdict::passes;
    if (verdict != Verdict::passes) return failed(verdict, SQLITE_IOERR_SHMSIZE);
  }
  return methods(file).xShmMap(real(file), region, size, is_growing, at);
}

int lock_shared(sqlite3_file* file, int at, int count, int flags) {
  return methods(file).xShmLock(real(file), at, count, flags);
}
void order_shared(sqlite3_file* file) { methods(file).xShmBarrier(real(file)); }
int unmap_shared(sqlite3_file* file, int is_removed) { return methods(file).xShmUnmap(real(file), is_removed); }

// Version 2: shared memory, and no mapping of the file itself, whose reads would pass us by.
constexpr sqlite3_io_methods file_methods = {
    2,          close,   read,        write,  truncate,   sync,        size_of,      lock,         unlock,
    check_lock, control, sector_size, traits, map_shared, lock_shared, order_shared, unmap_shared, nullptr, nullptr};

Inside& disk_of(sqlite3_vfs* layer) { return *static_cast<Inside*>(layer->pAppData); }

int open(sqlite3_vfs* layer, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto& disk = disk_of(layer);
  ours(file) = {{nullptr}, &disk, (flags & tracked_kinds) != 0 ? path : nullptr, (flags & journal_kinds) != 0};
  const std::lock_guard guard(disk.mutex);
  bool is_new = false;
  if (ours(file).path) {
    is_new = !std::filesystem::exists(path);
    const auto verdict = disk.judge(is_new ? Need::room : Need::nothing);
    if (verdict != Verdict::passes) return failed(verdict, SQLITE_CANTOPEN);
    disk.files.meet(path);
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) disk.databases.insert(path);
  }
  const int outcome = disk.real->xOpen(disk.real, path, real(file), flags, out_flags);
  if (outcome != SQLITE_OK) return outcome;
  if (is_new) disk.files.create(path);
  file->pMethods = &file_methods;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* layer, const char* path, int is_synced) {
  auto& disk = disk_of(layer);
  const std::lock_guard guard(disk.mutex);
  const auto verdict = disk.judge(Need::nothing);
  if (verdict != Verdict::passes) return failed(verdict, SQLITE_IOERR_DELETE);
  const int outcome = disk.real->xDelete(disk.real, path, 0);
  if (outcome == SQLITE_OK) disk.files.remove(path, is_synced != 0);
  return outcome;
}

int access(sqlite3_vfs* layer, const char* path, int flags, int* answer) {
  auto& disk = disk_of(layer);
  if (disk.is_dead()) return failed(Verdict::is_dead, SQLITE_IOERR_ACCESS);
  return disk.real->xAccess(disk.real, path, flags, answer);
}

int full_path(sqlite3_vfs* layer, const char* path, int size, char* into) {
  return disk_of(layer).real->xFullPathname(disk_of(layer).real, path, size, into);
}

int last_error(sqlite3_vfs*, int, char*) { return errno; }

}  // namespace

FaultDisk::Inside::Inside() {
  static std::uint64_t made = 0;
  name = "fault" + std::to_string(++made);
  layer = *real;  // Time, randomness and loading are the real one's.
  layer.iVersion = 2;
  layer.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
  layer.pNext = nullptr;
  layer.zName = name.c_str();
  layer.pAppData = this;
  layer.xOpen = open;
  layer.xDelete = remove;
  layer.xAccess = access;
  layer.xFullPathname = full_path;
  layer.xGetLastError = last_error;
  HOLDFAST_ASSERT(sqlite3_vfs_register(&layer, 0) == SQLITE_OK, "SQLite takes another file layer");
}

FaultDisk::FaultDisk() : inside_(std::make_unique<Inside>()) {}
FaultDisk::~FaultDisk() = default;

std::string FaultDisk::uri(const std::string& path) const { return "file:" + path + "?vfs=" + inside_->name; }

void FaultDisk::fail_at(std::uint64_t call, Fault fault) {
  const std::lock_guard lock(inside_->mutex);
  inside_->fails_at = inside_->count + call;
  inside_->fault = fault;
  inside_->has_failed = false;
}

void FaultDisk::heal() {
  const std::lock_guard lock(inside_->mutex);
  inside_->is_full = false;
  inside_->fails_at = 0;
}

void FaultDisk::restore_power(std::uint64_t seed) {
  const std::lock_guard lock(inside_->mutex);
  inside_->files.settle(seed);
  for (const auto& database : inside_->databases) std::filesystem::remove(database + "-shm");
  inside_->has_no_power = false;
  inside_->fails_at = 0;
}

std::uint64_t FaultDisk::calls() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->count;
}

bool FaultDisk::has_failed() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->has_failed;
}

bool FaultDisk::has_power() const { return !inside_->is_dead(); }

void FaultDisk::ignore_syncs() {
  const std::lock_guard lock(inside_->mutex);
  inside_->ignores_syncs = true;
}

}  // namespace holdfast::sqlite::testing
