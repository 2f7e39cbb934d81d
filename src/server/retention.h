// Retention: how long the backend remembers what was, and the work of forgetting.
#pragma once

#include <memory>
#include <string_view>

#include "server/server.h"

namespace holdfast::server {

/// That of the model. Its tombstones stay at least as long as delta queries reach back, which tell of them.
Retention retention_of(const ServerOptions& options, std::string_view model);

/// Whether a delta query from `last_sync` on has every change, deletions included. `now`: the clock's wall.
bool reaches_back(const Retention& retention, Instant last_sync, Instant now);
/// How long the pages of one delta query may take: for so long, what it has still to tell is not forgotten.
inline constexpr Milliseconds delta_pages_time_max = std::chrono::hours(24);

/// Trims the store's models in small batches on the clock's thread, from now on every few minutes, while `parts` lives.
void trim_from_now_on(const std::shared_ptr<Server::Parts>& parts);

}  // namespace holdfast::server
