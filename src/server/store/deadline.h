// ReadDeadline: until when the reads of a thread may take.
#pragma once

#include "base/clock.h"

namespace holdfast::server {

/// Made on a thread for the length of a request; reads that the thread asks of a store meanwhile, and that may take long,
/// ask it as they go and end with timed_out. Writes go on. Of several on one thread the innermost holds. Used by one thread.
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

}  // namespace holdfast::server
