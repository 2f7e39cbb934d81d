#include "server/retention.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/parts.h"

namespace holdfast::server {
namespace {

constexpr Milliseconds trim_interval = std::chrono::minutes(5);
constexpr std::uint32_t batch_rows = 200;      // A few milliseconds of the store's writer, which others wait for.
constexpr Milliseconds batch_interval{20};     // Removes faster than anybody writes for long.

Store::TrimOptions limits_of(const Retention& retention, Instant now) {
  return {.changes_before = now - retention.deltas,
          .tombstones_before = now - retention.tombstones - delta_pages_time_max,
          .rows_max = batch_rows};
}

/// One batch of the models of each retention. Whether more is left of one.
bool trim_all(Server::Parts& parts) {
  const auto& backend = parts.backend;
  std::map<std::pair<Milliseconds, Milliseconds>, std::vector<const ModelSchema*>> classes;
  for (const auto& model : backend.schema.models) {
    const auto retention = retention_of(backend.options, model.name);
    classes[{retention.deltas, retention.tombstones}].push_back(&model);
  }
  const auto now = backend.clock.wall();
  bool has_more = false;
  for (const auto& [retention, models] : classes) {
    const auto left = backend.store.trim(models, limits_of({retention.first, retention.second}, now));
    has_more = has_more || (left && *left);
    if (left) continue;
    parts.log.write(LogLevel::warning, "server", "trim_failed", {{"code", std::string(name(left.error().code))}});
  }
  return has_more;
}

void trim_at(Tick at, Clock& clock, std::weak_ptr<Server::Parts> parts) {
  clock.wake_at(at, [parts = std::move(parts)] {
    const auto held = parts.lock();
    if (!held) return;
    const auto pause = trim_all(*held) ? batch_interval : trim_interval;
    auto& own_clock = held->backend.clock;
    trim_at(own_clock.ticks() + pause, own_clock, held);
  });
}

}  // namespace

Retention retention_of(const ServerOptions& options, std::string_view model) {
  const auto own = options.model_retention.find(model);
  auto retention = own == options.model_retention.end()
                       ? Retention{options.delta_retention, options.tombstone_retention}
                       : own->second;
  retention.tombstones = std::max(retention.tombstones, retention.deltas);
  return retention;
}

bool reaches_back(const Retention& retention, Instant last_sync, Instant now) {
  return epoch_ms(last_sync) > 0 && last_sync >= now - retention.deltas;
}

void trim_from_now_on(const std::shared_ptr<Server::Parts>& parts) {
  auto& clock = parts->backend.clock;
  trim_at(clock.ticks(), clock, parts);
}

}  // namespace holdfast::server
