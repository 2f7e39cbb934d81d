#include "tests/simulation/shrink.h"

#include <utility>

namespace holdfast::simulation {

const std::vector<Reduction>& reductions() {
  static const std::vector<Reduction> table{
      {"device-crashes", [](WorldOptions& options) { options.device_crashes = 0; }},
      {"backend-crashes", [](WorldOptions& options) { options.backend_crashes = 0; }},
      {"partitions", [](WorldOptions& options) { options.partitions = 0; }},
      {"offline-spells", [](WorldOptions& options) { options.offline_spells = 0; }},
      {"disk-failures", [](WorldOptions& options) { options.disk_failure = 0; }},
      {"clock-jumps", [](WorldOptions& options) { options.backend_clock_jumps = 0; }},
      {"device-clock-jumps", [](WorldOptions& options) { options.device_clock_jumps = 0; }},
      {"expiries", [](WorldOptions& options) { options.expiries = 0; }},
      {"revocations", [](WorldOptions& options) { options.revocations = 0; }},
      {"sign-outs", [](WorldOptions& options) { options.sign_outs = 0; }},
      {"hidden-city", [](WorldOptions& options) { options.hides_a_city = false; }},
      {"upgrades", [](WorldOptions& options) { options.upgrades = false; }},
      {"expressions", [](WorldOptions& options) { options.has_expressions = false; }},
      {"newer-devices", [](WorldOptions& options) { options.has_newer_devices = false; }},
      {"three-way-lists", [](WorldOptions& options) { options.merges_lists_three_way = false; }},
      {"stalls", [](WorldOptions& options) { options.network.stall = 0; }},
      {"coarse-clock", [](WorldOptions& options) { options.backend_grain_ms = 1; }},
      {"retried-conflicts", [](WorldOptions& options) { options.retries_conflicts = false; }},
      {"sqlite", [](WorldOptions& options) {
         options.medium = MediumKind::memory;
         if (options.store == MediumKind::memory_sqlite && !options.upgrades) options.store = MediumKind::memory;
       }},
      {"power-cuts", [](WorldOptions& options) { options.store_power_cuts = 0; }},
      {"backend-disk-failures", [](WorldOptions& options) { options.store_disk_failures = 0; }},
      {"joint-writes", [](WorldOptions& options) { options.network.together_max = 1; }},
      {"request-loss", [](WorldOptions& options) { options.network.request_loss = 0; }},
      {"reply-loss", [](WorldOptions& options) { options.network.reply_loss = 0; }},
      {"slow-replies", [](WorldOptions& options) { options.network.slow_reply = 0; }},
      {"duplicates", [](WorldOptions& options) { options.network.duplication = 0; }},
      {"server-errors", [](WorldOptions& options) { options.network.server_error = 0; }},
      {"broken-sockets", [](WorldOptions& options) { options.network.socket_break = 0; }},
      {"half-open-sockets", [](WorldOptions& options) { options.network.half_open = 0; }},
      {"queue", [](WorldOptions& options) { options.network.queue_max_ms = 2; }},
      {"third-device", [](WorldOptions& options) { options.devices = 2; }},
  };
  return table;
}

void Shrunk::apply(WorldOptions& options) const {
  for (const auto& reduction : reductions()) {
    for (const auto& name : without) {
      if (name == reduction.name) reduction.apply(options);
    }
  }
  if (operations > 0) options.operations = operations;
}

std::string Shrunk::arguments() const {
  std::string out;
  for (const auto& name : without) out += " --without " + name;
  if (operations > 0) out += " --operations " + std::to_string(operations);
  return out;
}

Shrunk shrink(const WorldOptions& failing, const std::function<bool(const WorldOptions&)>& fails) {
  Shrunk smallest;
  const auto still_fails = [&](const Shrunk& candidate) {
    auto options = failing;
    candidate.apply(options);
    return fails(options);
  };
  for (const auto& reduction : reductions()) {
    auto candidate = smallest;
    candidate.without.emplace_back(reduction.name);
    if (still_fails(candidate)) smallest = std::move(candidate);
  }
  for (unsigned operations = failing.operations / 2; operations > 0; operations /= 2) {
    auto candidate = smallest;
    candidate.operations = operations;
    if (!still_fails(candidate)) break;
    smallest = std::move(candidate);
  }
  return smallest;
}

}  // namespace holdfast::simulation
