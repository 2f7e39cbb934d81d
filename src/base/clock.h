// Clock: the only source of time. A port: the event loop of net and the simulation implement it.
#pragma once

#include <functional>

#include "holdfast/time.h"

namespace holdfast {

/// Thread-safe. Rules: now() of ticks never decreases; a task of wake_at runs once, at or after its tick, on the
/// clock's own thread, never inside wake_at; tasks of equal ticks run in the order they were given; a task that
/// is still waiting when the clock is destroyed is dropped.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant wall() = 0;
  [[nodiscard]] virtual Tick ticks() = 0;
  /// There is no cancelling: a task must bear being late or unwanted (hold a weak reference to its owner).
  virtual void wake_at(Tick at, std::function<void()> task) = 0;
};

}  // namespace holdfast
