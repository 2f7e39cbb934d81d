#include "apps/cli/child_spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;

namespace holdfast::cli {
namespace {

constexpr int answer_descriptor = 3;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

/// Descriptors, and signals as a program expects them, whatever we block or ignore.
class SpawnSetting {
 public:
  SpawnSetting(const ChildRun& run, int input, int answer, int complaints) {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
    const bool is_by_output = run.answer == ChildRun::Answer::standard_output;
    give(input, STDIN_FILENO);
    give(is_by_output ? answer : STDERR_FILENO, STDOUT_FILENO);
    if (is_by_output) give(complaints, STDERR_FILENO);
    else give(answer, answer_descriptor);
    // Sockets and databases of ours are not all marked as closed in children.
    posix_spawn_file_actions_addclosefrom_np(&files_, is_by_output ? answer_descriptor : answer_descriptor + 1);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    const int group = is_by_output ? POSIX_SPAWN_SETPGROUP : 0;
    posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
  }
  SpawnSetting(const SpawnSetting&) = delete;
  SpawnSetting& operator=(const SpawnSetting&) = delete;
  ~SpawnSetting() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }

  [[nodiscard]] int spawn(const ChildRun& run, pid_t& pid) const {
    auto words = pointers(run.words);
    if (!run.environment) return ::posix_spawnp(&pid, words[0], &files_, &attributes_, words.data(), environ);
    auto variables = pointers(*run.environment);
    return ::posix_spawnp(&pid, words[0], &files_, &attributes_, words.data(), variables.data());
  }

 private:
  void give(int ours, int theirs) { posix_spawn_file_actions_adddup2(&files_, ours, theirs); }

  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Error from_errno(const std::string& what, int number) {
  return {Code::storage_failed, what + ": " + std::strerror(number)};
}

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<Pipe> Pipe::make() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return from_errno("cannot make a pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<File> input_file(const std::string& input) {
  File file(std::tmpfile());
  if (!file) return from_errno("cannot make a temporary file", errno);
  const bool is_whole = std::fwrite(input.data(), 1, input.size(), file.get()) == input.size();
  if (!is_whole || std::fflush(file.get()) != 0) return from_errno("cannot write a temporary file", errno);
  std::rewind(file.get());
  return file;
}

Child::~Child() {
  if (pid_ <= 0) return;
  ::kill(has_group_ ? -pid_ : pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> Child::status() {
  siginfo_t ended{};
  const auto id = static_cast<id_t>(pid_);
  // Looked at before it is reaped: until then nobody else can have its number, or that of its group.
  if (::waitid(P_PID, id, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid != pid_) return std::nullopt;
  if (has_group_) ::kill(-pid_, SIGKILL);
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  pid_ = 0;
  return status;
}

Result<Child> spawn(const ChildRun& run, int input, int answer, int complaints) {
  pid_t pid = 0;
  const int failed = SpawnSetting(run, input, answer, complaints).spawn(run, pid);
  if (failed == ENOENT || failed == EACCES) return Error{Code::not_found, "cannot run " + run.words[0]};
  if (failed != 0) return from_errno("cannot run " + run.words[0], failed);
  return Child(pid, run.answer == ChildRun::Answer::standard_output);
}

}  // namespace holdfast::cli
