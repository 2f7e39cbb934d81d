// What the operating system says of this process, for /metrics.
#pragma once

#include "server/metrics/metrics.h"

namespace holdfast::cli {

/// Memory, processor time, open files, the start, by the names that Prometheus has for them. Linux only.
void write_process_metrics(server::Exposition& to);

}  // namespace holdfast::cli
