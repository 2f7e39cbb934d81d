// ServiceClock: what time it is at the service, for signatures, which it takes only when they are of now.
#pragma once

#include "base/transport.h"
#include "holdfast/time.h"

namespace holdfast::auth {

/// The device's clock, corrected by the Date of the service's answers, as the published clients do. A regular value; not
/// thread-safe.
class ServiceClock {
 public:
  /// AWS takes a signature that is so far off; less is not corrected.
  static constexpr Milliseconds tolerance = std::chrono::minutes(5);

  /// Learns from an answer that has come at `device`. One without a Date says nothing.
  void take(Instant device, const Headers& headers);
  /// Some answer has told.
  [[nodiscard]] bool is_known() const noexcept { return is_known_; }
  /// How far the service's clock is ahead; 0 within the tolerance.
  [[nodiscard]] Milliseconds offset() const noexcept { return offset_; }
  [[nodiscard]] Instant at(Instant device) const { return device + offset_; }

 private:
  bool is_known_ = false;
  Milliseconds offset_{};
};

}  // namespace holdfast::auth
