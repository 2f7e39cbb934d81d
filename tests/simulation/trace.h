// Trace: what happened in a world, hashed whole and remembered at its end.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace holdfast::simulation {

/// Two runs of a seed are the same when their hashes are.
class Trace {
 public:
  /// How many lines are remembered.
  std::size_t lines_max = 80;

  void add(std::int64_t at_ms, std::string_view line) {
    for (const char letter : line) mix(static_cast<unsigned char>(letter));
    mix(static_cast<std::uint64_t>(at_ms));
    ++steps_;
    last_.push_back(std::to_string(at_ms) + " ms  " + std::string(line.substr(0, 400)));
    if (last_.size() > lines_max) last_.pop_front();
  }

  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] const std::deque<std::string>& last() const noexcept { return last_; }

 private:
  void mix(std::uint64_t bits) noexcept { hash_ = (hash_ ^ bits) * 1099511628211ULL; }  // FNV-1a, widened.

  std::uint64_t hash_ = 14695981039346656037ULL;
  std::uint64_t steps_ = 0;
  std::deque<std::string> last_;
};

}  // namespace holdfast::simulation
