// `holdfast backup` and `holdfast restore`: the records of a data folder as one file.
#include "sqlite/backup.h"

#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

#include "apps/cli/schema_files.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/verbs.h"
#include "server/store/sqlite/layout.h"
#include "sqlite/seal.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* replaced = ".replaced";

Error refused(const std::string& path, const std::string& sentence) {
  return Error{Code::invalid_argument, path + ": " + sentence};
}

bool is_there(const std::string& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

/// As part of a URI of SQLite's.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char each : path) {
    if (each == '%' || each == '?' || each == '#') {
      text += each == '%' ? "%25" : each == '?' ? "%3f" : "%23";
    } else {
      text += each;
    }
  }
  return text;
}

/// Opens a backup for reading, without the write-ahead log that it does not have, and checks all of it.
Result<sqlite::Connection> open_backup(const std::string& path) {
  if (!is_there(path)) return refused(path, "there is no such file.");
  if (is_there(path + "-wal")) {
    return refused(path, "has a write-ahead log beside it, so it is a database in use and not a backup; write one with "
                         "holdfast backup.");
  }
  const auto uri = "file:" + escaped(fs::absolute(path).string()) + "?immutable=1";
  HOLDFAST_TRY(backup, sqlite::Connection::open({.path = uri, .access = sqlite::Access::read_only}));
  HOLDFAST_TRY(is_ours, server::has_layout(backup));
  if (!is_ours) return refused(path, "is empty.");
  HOLDFAST_TRY(is_sealed, sqlite::check_seal(path));
  if (!is_sealed) {
    std::cerr << path << " has no checksum, as an older holdfast or another program writes it: only its structure is "
              << "checked.\n";
  }
  HOLDFAST_TRY(verdict, backup.text_of("PRAGMA integrity_check(1)"));
  if (verdict != "ok") {
    return Error{Code::corrupt, path + " is damaged: " + verdict.value_or("it cannot be checked") + "."};
  }
  return std::move(backup);
}

/// Old and new never share a write-ahead log: it is taken into the old file, or kept beside it when that is damaged.
void end_log(const std::string& database, const std::string& aside) {
  {
    auto old = sqlite::Connection::open({.path = database, .access = sqlite::Access::read_write});
    if (old) old->run("PRAGMA wal_checkpoint(TRUNCATE)").ignore("the log of a damaged database is kept");
  }
  std::error_code ignored;
  fs::rename(database + "-wal", aside + "-wal", ignored);
  fs::remove(database + "-shm", ignored);
}

/// A name that nothing has: what an earlier restore put aside may be the only copy that there is.
std::string name_aside(const std::string& database) {
  auto name = database + replaced;
  for (int count = 2; is_there(name) || is_there(name + "-wal"); ++count) {
    name = database + replaced + "-" + std::to_string(count);
  }
  return name;
}

/// Keeps the old file under another name, which is returned. The old name stays until the new file takes it: a crash
/// leaves either.
Result<std::string> put_aside(const std::string& database) {
  auto aside = name_aside(database);
  std::error_code failed;
  fs::create_hard_link(database, aside, failed);
  if (failed) {
    return Error{Code::storage_failed, "Cannot put " + database + " aside as " + aside + ": " + failed.message() + "."};
  }
  std::cout << "what was there is in " << aside << "\n";
  return aside;
}

Result<void> replace(const std::string& database, sqlite::Connection& by) {
  const auto incoming = database + ".incoming";
  std::error_code failed;
  fs::remove(incoming, failed);
  if (auto copied = sqlite::copy_to_file(by, incoming); !copied) return copied;
  if (is_there(database)) {
    HOLDFAST_TRY(aside, put_aside(database));
    end_log(database, aside);
  }
  fs::rename(incoming, database, failed);
  if (failed) return Error{Code::storage_failed, "Cannot write " + database + ": " + failed.message() + "."};
  return {};
}

Result<void> restore_into(const RestoreOptions& options) {
  HOLDFAST_TRY(backup, open_backup(options.from));
  HOLDFAST_TRY(folder, ServeFolder::open(options.folder));
  const auto database = folder.file(database_name);
  if (is_there(database) && !options.is_forced) {
    return refused(options.folder, "has records already. Give another folder, or --force to put them aside.");
  }
  return replace(database, backup);
}

Result<void> back_up_folder(const BackupOptions& options) {
  const auto database = options.folder + "/" + database_name;
  if (!is_there(database)) return refused(options.folder, std::string("there is no ") + database_name + " in it.");
  HOLDFAST_TRY(source, sqlite::Connection::open({.path = database, .access = sqlite::Access::read_only}));
  HOLDFAST_TRY(is_ours, server::has_layout(source));
  if (!is_ours) return refused(database, "is empty; nothing has been served from it yet.");
  return sqlite::back_up(source, options.to);
}

}  // namespace

int backup(const BackupOptions& options) {
  const auto written = back_up_folder(options);
  if (!written) return complain(written.error().message);
  std::error_code unknown;
  std::cout << options.to << " is written (" << fs::file_size(options.to, unknown) << " bytes)\n";
  return 0;
}

int restore(const RestoreOptions& options) {
  const auto restored = restore_into(options);
  if (!restored) return complain(restored.error().message);
  std::cout << options.folder << " has the records of " << options.from << "\n";
  return 0;
}

}  // namespace holdfast::cli
