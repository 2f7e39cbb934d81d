#include "apps/cli/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

extern char** environ;

namespace holdfast::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int answer_descriptor = 3;
constexpr auto exit_poll = std::chrono::milliseconds(5);

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int number() const noexcept { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Error from_errno(const char* what, int number) {
  return {Code::storage_failed, std::string(what) + ": " + std::strerror(number)};
}

/// A file without a name, to be read from its beginning: no pipe that both sides could wait for.
Result<File> input_file(const std::string& input) {
  File file(std::tmpfile());
  if (!file) return from_errno("cannot make a temporary file", errno);
  const bool is_whole = std::fwrite(input.data(), 1, input.size(), file.get()) == input.size();
  if (!is_whole || std::fflush(file.get()) != 0) return from_errno("cannot write a temporary file", errno);
  std::rewind(file.get());
  return file;
}

/// A child that is killed when nobody waited for its end.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Its status, or nothing when it outlives the deadline.
  std::optional<int> wait_until(Clock::time_point deadline) {
    while (true) {
      int status = 0;
      const auto ended = ::waitpid(pid_, &status, WNOHANG);
      if (ended == pid_) {
        pid_ = 0;
        return status;
      }
      if (ended < 0 && errno != EINTR) return std::nullopt;
      if (Clock::now() >= deadline) return std::nullopt;
      ::poll(nullptr, 0, static_cast<int>(exit_poll.count()));
    }
  }

 private:
  pid_t pid_;
};

/// How the child starts: its descriptors, and signals as a program expects them, whatever we block or ignore.
class SpawnSetting {
 public:
  SpawnSetting(int input, int answer) {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&signals_);
    posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, answer, answer_descriptor);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&signals_, &none);
    posix_spawnattr_setsigdefault(&signals_, &all);
    posix_spawnattr_setflags(&signals_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSetting(const SpawnSetting&) = delete;
  SpawnSetting& operator=(const SpawnSetting&) = delete;
  ~SpawnSetting() {
    posix_spawnattr_destroy(&signals_);
    posix_spawn_file_actions_destroy(&files_);
  }

  [[nodiscard]] Result<pid_t> spawn(const std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, arguments[0], &files_, &signals_, arguments.data(), environ);
    if (failed == ENOENT || failed == EACCES) return Error{Code::not_found, "cannot run " + words[0]};
    if (failed != 0) return from_errno(("cannot run " + words[0]).c_str(), failed);
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t signals_;
};

Error late(std::chrono::seconds patience) {
  return {Code::timed_out, "no answer within " + std::to_string(patience.count()) + " seconds"};
}

Result<std::string> read_all(int descriptor, Clock::time_point deadline, std::chrono::seconds patience) {
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready == 0) return late(patience);
    if (ready < 0 && errno == EINTR) continue;
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return from_errno("cannot read the answer", errno);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > child_answer_bytes_max) return Error{Code::limit_exceeded, "the answer is longer than 64 MiB"};
  }
}

std::string ending(int status) {
  if (WIFSIGNALED(status)) return "it was ended by signal " + std::to_string(WTERMSIG(status));
  return "it ended with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<std::string> answer_of(const std::vector<std::string>& words, const std::string& input,
                              std::chrono::seconds patience) {
  const auto deadline = Clock::now() + patience;
  HOLDFAST_TRY(file, input_file(input));
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return from_errno("cannot make a pipe", errno);
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  HOLDFAST_TRY(pid, SpawnSetting(::fileno(file.get()), writing.number()).spawn(words));
  Child child(pid);
  writing.close();
  HOLDFAST_TRY(answer, read_all(reading.number(), deadline, patience));
  const auto status = child.wait_until(deadline);
  if (!status) return late(patience);
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return Error{Code::rejected, ending(*status)};
  return std::move(answer);
}

}  // namespace holdfast::cli
