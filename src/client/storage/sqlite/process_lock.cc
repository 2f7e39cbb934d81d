#include "client/storage/sqlite/process_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace holdfast::client {
namespace {

/// What each byte of the file stands for.
enum class Seat : off_t { opening, presence, turn };

// Locks of the open file where there are such: two stores in one process then keep out of each other's way, too.
#ifdef F_OFD_SETLK
constexpr int try_lock = F_OFD_SETLK;
constexpr int ask_lock = F_OFD_GETLK;
#else
constexpr int try_lock = F_SETLK;
constexpr int ask_lock = F_GETLK;
#endif

struct flock lock_of(Seat seat, short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(seat);
  lock.l_len = 1;
  return lock;
}

bool set(int file, int how, Seat seat, short type) {
  auto lock = lock_of(seat, type);
  int outcome = 0;
  do {
    outcome = fcntl(file, how, &lock);
  } while (outcome != 0 && errno == EINTR);
  return outcome == 0;
}

}  // namespace

Result<ProcessLock> ProcessLock::open(const std::string& database) {
  struct stat status = {};
  const mode_t mode = stat(database.c_str(), &status) == 0 ? status.st_mode & 0666U : 0644U;
  auto path = database + "-lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode);
  ProcessLock made(file, std::move(path));
  if (file < 0) return made.failure();
  return made;
}

ProcessLock::ProcessLock(ProcessLock&& from) noexcept
    : file_(std::exchange(from.file_, -1)), path_(std::move(from.path_)) {}

ProcessLock::~ProcessLock() {
  if (file_ >= 0) close(file_);
}

Error ProcessLock::failure() const {
  const int cause = errno;
  const bool is_full = cause == ENOSPC || cause == EDQUOT;
  return {is_full ? Code::disk_full : Code::storage_failed,
          path_ + ": cannot be locked (" + std::generic_category().message(cause) + "); " +
              (is_full ? "free some space and try again" : "the file and its folder must be writable")};
}

// Not a wait in the kernel, which has no bound: a process that is stopped while it opens the database would stop all
// others for good.
Result<void> ProcessLock::begin_opening(Milliseconds patience) {
  for (auto left = patience; !set(file_, try_lock, Seat::opening, F_WRLCK); --left) {
    if (errno != EAGAIN && errno != EACCES) return failure();
    if (left <= Milliseconds(0)) {
      return Error{Code::storage_failed, path_ + ": another process has been opening the database for " +
                                             std::to_string(patience.count()) +
                                             " ms; try again when it is done, or end it if it hangs"};
    }
    ::poll(nullptr, 0, 1);
  }
  return {};
}
void ProcessLock::end_opening() noexcept { set(file_, try_lock, Seat::opening, F_UNLCK); }

Result<void> ProcessLock::enter() { return set(file_, try_lock, Seat::presence, F_RDLCK) ? Result<void>() : failure(); }

bool ProcessLock::has_others() const noexcept {
  auto lock = lock_of(Seat::presence, F_WRLCK);
  // When in doubt, somebody is there.
  return fcntl(file_, ask_lock, &lock) != 0 || lock.l_type != F_UNLCK;
}

bool ProcessLock::try_turn() noexcept { return set(file_, try_lock, Seat::turn, F_WRLCK); }
void ProcessLock::end_turn() noexcept { set(file_, try_lock, Seat::turn, F_UNLCK); }

}  // namespace holdfast::client
