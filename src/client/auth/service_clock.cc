#include "client/auth/service_clock.h"

#include "base/http_date.h"

namespace holdfast::auth {

void ServiceClock::take(Instant device, const Headers& headers) {
  const auto service = date_of(headers);
  if (!service) return;
  is_known_ = true;
  if (std::chrono::abs(*service - at(device)) >= tolerance) offset_ = *service - device;
}

}  // namespace holdfast::auth
