// Backoff: how long to wait before the next try.
#pragma once

#include "base/random.h"
#include "holdfast/time.h"

namespace holdfast::sync {

/// Doubles from `min` to `max`; each delay is uniform in its upper half, so that devices which lost the same service
/// do not come back together. Not thread-safe.
class Backoff {
 public:
  /// 0 < min <= max.
  Backoff(Random& random, Milliseconds min, Milliseconds max);

  [[nodiscard]] Milliseconds next();
  [[nodiscard]] Milliseconds longest() const noexcept { return max_; }
  void reset() noexcept { delay_ = min_; }

 private:
  Random& random_;
  Milliseconds min_;
  Milliseconds max_;
  Milliseconds delay_;
};

}  // namespace holdfast::sync
