// The two kinds of time: instants for data, ticks for waiting.
#pragma once

#include <chrono>
#include <cstdint>

namespace holdfast {

using Milliseconds = std::chrono::milliseconds;

/// Wall time, UTC. Only ever stored or shown; ordering that matters rests on versions.
using Instant = std::chrono::sys_time<Milliseconds>;

/// Monotonic time since an arbitrary start. Only for waiting.
using Tick = std::chrono::time_point<std::chrono::steady_clock, Milliseconds>;

constexpr std::int64_t epoch_ms(Instant at) { return at.time_since_epoch().count(); }  ///< Milliseconds since 1970.
constexpr Instant from_epoch_ms(std::int64_t ms) { return Instant(Milliseconds(ms)); }  ///< The inverse.

}  // namespace holdfast
