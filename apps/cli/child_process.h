// A process that reads a text and answers with a text.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "holdfast/result.h"

namespace holdfast::cli {

/// An answer longer than this is refused.
inline constexpr std::size_t child_answer_bytes_max = std::size_t{64} << 20;

/// Runs `words[0]`, found as a shell finds it, with the other words as arguments, without a shell. `input` is its
/// standard input; its answer is what it writes to descriptor 3; what it prints goes to our standard error. It is
/// killed at the deadline. Codes: not_found (no such program), timed_out, limit_exceeded, rejected (it failed, and the
/// message says how), storage_failed (no descriptors, no room for the input).
Result<std::string> answer_of(const std::vector<std::string>& words, const std::string& input,
                              std::chrono::seconds patience);

}  // namespace holdfast::cli
