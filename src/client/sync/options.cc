#include "client/sync/engine.h"
#include "protocol/frames.h"

namespace holdfast::sync {

Result<void> check(const SyncOptions& options) {
  const auto wrong = [](std::string what) { return Error{Code::invalid_argument, std::move(what)}; };
  HOLDFAST_TRY(url, protocol::realtime_url(options.endpoint));
  if (options.page_rows < 1 || options.page_rows > 1000) return wrong("page_rows must be from 1 to 1000");
  if (options.records_max < 1) return wrong("records_max must be at least 1");
  if (options.full_sync_interval.count() < 1) return wrong("full_sync_interval must be at least a minute");
  if (options.request_timeout.count() < 1) return wrong("request_timeout must be at least a millisecond");
  const bool is_ordered =
      options.retry_delay_min.count() > 0 && options.retry_delay_min <= options.retry_delay_max;
  if (!is_ordered) return wrong("retry_delay_min must be positive and not above retry_delay_max");
  return {};
}

}  // namespace holdfast::sync
