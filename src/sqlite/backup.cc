#include "sqlite/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "sqlite/seal.h"

namespace holdfast::sqlite {
namespace {

/// A leftover journal would be played back into the new file.
void remove_leftovers(const std::string& unfinished) {
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  std::filesystem::remove(unfinished + "-journal", ignored);
}

/// Without it, the new name may be gone after the machine lost its power.
void sync_folder_of(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
}

enum class Ending : std::uint8_t { open, sealed };

Result<void> write_file(Connection& from, const std::string& path, Ending ending) {
  std::error_code problem;
  if (std::filesystem::exists(path, problem)) {
    return Error{Code::invalid_argument, path + ": is there already; give the backup a new name, or remove that file"};
  }
  const std::string unfinished = path + ".unfinished";
  remove_leftovers(unfinished);
  {
    HOLDFAST_TRY(to, Connection::open({.path = unfinished}));
    if (auto copied = from.copy_to(to); !copied) return copied;
  }
  if (ending == Ending::sealed) {
    if (auto sealed = seal(unfinished); !sealed) return sealed;
  }
  std::filesystem::rename(unfinished, path, problem);
  if (problem) return Error{Code::storage_failed, path + ": " + problem.message() + "; the backup is " + unfinished};
  sync_folder_of(path);
  return {};
}

}  // namespace

Result<void> copy_to_file(Connection& from, const std::string& path) { return write_file(from, path, Ending::open); }
Result<void> back_up(Connection& from, const std::string& path) { return write_file(from, path, Ending::sealed); }

}  // namespace holdfast::sqlite
