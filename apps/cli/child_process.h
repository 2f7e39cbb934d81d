// A process that reads a text and answers with a text.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/time.h"

namespace holdfast::cli {

/// What to run, and its bounds.
struct ChildRun {
  enum class Answer : std::uint8_t {
    descriptor_3,     ///< What it prints on standard output goes to our standard error, as do its complaints.
    standard_output,  ///< Its complaints are kept, and it leads a process group of its own.
  };
  std::vector<std::string> words = {};  ///< The program, found as a shell finds it, and its arguments; no shell.
  std::string input = {};               ///< Its standard input.
  Milliseconds patience{60'000};        ///< Then it is killed; a group, with all its processes.
  Answer answer = Answer::descriptor_3;
  std::size_t answer_bytes_max = std::size_t{64} << 20;                ///< A longer answer is refused.
  std::optional<std::vector<std::string>> environment = std::nullopt;  ///< "NAME=value"; nothing: as ours.
};

/// An end of a process, good or bad.
struct ChildReply {
  std::string answer = {};
  std::string complaints = {};              ///< standard_output only: the last of what came on standard error.
  std::optional<Error> failure = {};        ///< Nothing when it ended with 0.
};

/// Of what a process says on standard error, at most this much is kept: the last of it.
inline constexpr std::size_t complaints_bytes_max = std::size_t{16} << 10;

/// Blocks until the process has ended. Thread-safe. Descriptors of ours stay ours. Codes of the failure: not_found (no
/// such program), timed_out, limit_exceeded, rejected (it failed, and the message says how), storage_failed (no
/// descriptors, no room for the input).
ChildReply run_child(const ChildRun& run);

/// The answer of a program on descriptor 3. Codes: those of run_child.
Result<std::string> answer_of(const std::vector<std::string>& words, const std::string& input,
                              std::chrono::seconds patience);

}  // namespace holdfast::cli
