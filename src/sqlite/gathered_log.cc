#include "sqlite/gathered_log.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace holdfast::sqlite {
namespace {

/// Some thirty pages. SQLite's own layer takes less than 128 KiB at a time.
constexpr int bytes_max = 127 * 1024;

/// What SQLite calls for its log, with what it called before behind it. The file stays the layer's that opened it.
struct GatheredLog {
  sqlite3_io_methods methods;  // First: by its address a file finds the rest.
  const sqlite3_io_methods* real = nullptr;
  std::unique_ptr<unsigned char[]> bytes;
  sqlite3_int64 begin = 0;  // Where the bytes belong in the file.
  int size = 0;
};

GatheredLog& log_of(sqlite3_file* file) {
  return *reinterpret_cast<GatheredLog*>(const_cast<sqlite3_io_methods*>(file->pMethods));
}

/// What cannot be written is dropped: SQLite takes the transaction back, and writes the next one to the same place.
int flush(sqlite3_file* file) noexcept {
  auto& log = log_of(file);
  if (log.size == 0) return SQLITE_OK;
  const int size = log.size;
  log.size = 0;
  return log.real->xWrite(file, log.bytes.get(), size, log.begin);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) noexcept {
  auto& log = log_of(file);
  const bool continues = at == log.begin + log.size && size <= bytes_max - log.size;
  if (!continues) {
    if (const int outcome = flush(file); outcome != SQLITE_OK) return outcome;
    if (size > bytes_max) return log.real->xWrite(file, from, size, at);
    log.begin = at;
  }
  std::memcpy(log.bytes.get() + log.size, from, static_cast<std::size_t>(size));
  log.size += size;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 at) noexcept {
  const int outcome = flush(file);
  return outcome != SQLITE_OK ? outcome : log_of(file).real->xRead(file, into, size, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
  const int outcome = flush(file);
  return outcome != SQLITE_OK ? outcome : log_of(file).real->xTruncate(file, size);
}

int sync(sqlite3_file* file, int flags) noexcept {
  const int outcome = flush(file);
  return outcome != SQLITE_OK ? outcome : log_of(file).real->xSync(file, flags);
}

int size_of(sqlite3_file* file, sqlite3_int64* size) noexcept {
  const int outcome = flush(file);
  return outcome != SQLITE_OK ? outcome : log_of(file).real->xFileSize(file, size);
}

/// What is left then was never committed.
int close(sqlite3_file* file) noexcept {
  const std::unique_ptr<GatheredLog> log(&log_of(file));
  file->pMethods = log->real;
  return log->real->xClose(file);
}

/// Null when there is none that is open.
int find_log(sqlite3* database, sqlite3_file*& file) noexcept {
  const int outcome = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (file != nullptr && file->pMethods == nullptr) file = nullptr;
  return outcome;
}

/// What was taken back must not be written any more: another connection's commit may soon stand in its place.
void forget(void* database) noexcept {
  sqlite3_file* file = nullptr;
  find_log(static_cast<sqlite3*>(database), file);
  if (file != nullptr && file->pMethods->xWrite == write) log_of(file).size = 0;
}

}  // namespace

int gather_log_writes(sqlite3* database) noexcept {
  sqlite3_file* file = nullptr;
  const int outcome = find_log(database, file);
  if (outcome != SQLITE_OK || file == nullptr) return outcome;
  const auto* const real = file->pMethods;
  const bool is_filled_up = (real->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) == 0;
  if (is_filled_up || real->xWrite == write) return SQLITE_OK;
  std::unique_ptr<GatheredLog> log(new (std::nothrow) GatheredLog{*real, real, nullptr});
  if (log) log->bytes.reset(new (std::nothrow) unsigned char[bytes_max]);
  if (!log || !log->bytes) return SQLITE_NOMEM;
  log->methods.xClose = close;
  log->methods.xRead = read;
  log->methods.xWrite = write;
  log->methods.xTruncate = truncate;
  log->methods.xSync = sync;
  log->methods.xFileSize = size_of;
  file->pMethods = &log.release()->methods;
  sqlite3_rollback_hook(database, forget, database);
  return SQLITE_OK;
}

}  // namespace holdfast::sqlite
