// ReadDeadline: until when the reads of a thread may take.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "holdfast/result.h"

namespace holdfast::server {

/// Made on a thread for the length of a request; reads that the thread asks of a store meanwhile, and that may take
/// long, ask it as they go and end with timed_out. Writes go on. Of several on one thread the innermost holds. Used by
/// one thread.
class ReadDeadline {
 public:
  /// `clock` outlives it.
  ReadDeadline(Clock& clock, Tick end) noexcept;
  ReadDeadline(const ReadDeadline&) = delete;
  ReadDeadline& operator=(const ReadDeadline&) = delete;
  ~ReadDeadline();

  /// Whether this thread has one that has passed.
  static bool has_passed() noexcept;

 private:
  Clock& clock_;
  const Tick end_;
  const ReadDeadline* const outer_;
};

/// For reads that go through rows one by one: asks about the deadline every few hundred of them. Used by one thread.
class RowsLookedAt {
 public:
  static constexpr std::uint32_t between_looks = 256;
  /// Counts one more. Whether the read is to end here, with out_of_time().
  [[nodiscard]] bool is_late() noexcept { return ++count_ % between_looks == 0 && ReadDeadline::has_passed(); }
  [[nodiscard]] static Error out_of_time() { return {Code::timed_out, "the request's time is over"}; }

 private:
  std::uint32_t count_ = 0;
};

}  // namespace holdfast::server
