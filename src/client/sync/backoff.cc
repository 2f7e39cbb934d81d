#include "client/sync/backoff.h"

#include <algorithm>

#include "holdfast/result.h"

namespace holdfast::sync {

Backoff::Backoff(Random& random, Milliseconds min, Milliseconds max)
    : random_(random), min_(min), max_(max), delay_(min) {
  HOLDFAST_ASSERT(min.count() > 0 && min <= max, "a backoff needs 0 < min <= max");
}

Milliseconds Backoff::next() {
  const auto delay = delay_;
  delay_ = std::min(max_, delay_ * 2);
  const auto half = delay / 2;
  return half + Milliseconds(below(random_, static_cast<std::uint64_t>((delay - half).count()) + 1));
}

}  // namespace holdfast::sync
