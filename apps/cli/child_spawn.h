// How a child starts and ends: descriptors, signals, its process group. Private to child_process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "apps/cli/child_process.h"

namespace holdfast::cli {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
  void close();

 private:
  int number_;
};

/// Both ends are closed in children unless they are given to them.
struct Pipe {
  Descriptor reading;
  Descriptor writing;
  static Result<Pipe> make();
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;
/// A file without a name, to be read from its beginning: no pipe that both sides could wait for.
Result<File> input_file(const std::string& input);

/// A child that is killed when nobody waited for its end. With a group, nothing of the group outlives it.
class Child {
 public:
  Child(pid_t pid, bool has_group) : pid_(pid), has_group_(has_group) {}
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)), has_group_(other.has_group_) {}
  Child& operator=(Child&&) = delete;
  ~Child();

  /// Its status once it has ended.
  std::optional<int> status();

 private:
  pid_t pid_;
  bool has_group_;
};

/// Starts the program with its input, and what it writes going to these descriptors. Codes: not_found, storage_failed.
Result<Child> spawn(const ChildRun& run, int input, int answer, int complaints);

Error from_errno(const std::string& what, int number);

}  // namespace holdfast::cli
