// What `holdfast serve` warns of while it serves all the same, as log lines.
#pragma once

#include <chrono>

#include "apps/cli/config/config.h"
#include "apps/cli/schema_files.h"
#include "base/log.h"
#include "holdfast/time.h"

namespace holdfast::cli {

/// A key that ends within this time is warned of ahead.
inline constexpr auto key_warning_time = std::chrono::hours(24 * 7);

/// What the schema says and the backend does not do: a warning each, `notice` of the room `schema`, with its place.
void log_notices(const SchemaFiles& files, Log& log);

/// Keys of `api_keys` that have ended by `now`, or will within `key_warning_time`: a warning each, by name and by where
/// the end is set; never the key.
void log_ending_keys(const Config& config, Instant now, Log& log);

}  // namespace holdfast::cli
