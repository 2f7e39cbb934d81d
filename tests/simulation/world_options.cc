#include "tests/simulation/world_options.h"

#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

WorldOptions WorldOptions::drawn(std::uint64_t seed, const Composition& composition) {
  SimRandom random(seed ^ 0xD1CEULL);
  const auto up_to = [&](std::int64_t most) { return static_cast<unsigned>(random.between(0, most)); };
  WorldOptions out;
  out.devices = 3 + up_to(1);
  out.operations = 20 + up_to(80);
  out.chaos_ms = random.between(5'000, 60'000);
  out.device_crashes = up_to(5);
  out.backend_crashes = up_to(2);
  out.partitions = up_to(4);
  out.offline_spells = up_to(3);
  if (seed % 10 == 0) out.store = MediumKind::memory_sqlite;
  if (seed % 20 == 15) out.store = MediumKind::file_sqlite;
  if (seed % 10 == 0) out.medium = MediumKind::memory_sqlite;
  if (seed % 20 == 5) out.medium = MediumKind::file_sqlite;
  out.conflict = seed % 7 == 0 ? server::ConflictStrategy::optimistic : server::ConflictStrategy::automerge;
  out.network.delay_max_ms = random.between(1, 400);
  // A long queue is where racing stores find requests for one record side by side.
  out.network.queue_max_ms = random.happens(500) ? 2 : random.between(2, 1'000);
  // Some worlds have one kind of trouble, some have all.
  const bool is_calm = random.happens(100);
  const auto rate = [&](std::int64_t most) { return is_calm || random.happens(300) ? 0U : up_to(most); };
  out.network.request_loss = rate(150);
  out.network.reply_loss = rate(150);
  out.network.slow_reply = rate(200);
  out.network.duplication = rate(150);
  out.network.server_error = rate(100);
  out.network.socket_break = rate(20);
  out.network.half_open = rate(10);
  out.retries_conflicts = random.happens(out.conflict == server::ConflictStrategy::optimistic ? 700 : 300);
  out.disk_failure = rate(20);
  out.backend_grain_ms = random.happens(500) ? 1 : random.between(2, 2'000);
  out.backend_clock_jumps = is_calm ? 0U : up_to(3);
  out.device_clock_jumps = is_calm ? 0U : up_to(3);
  out.expiries = is_calm || random.happens(500) ? 0U : up_to(3);
  out.revocations = is_calm || random.happens(700) ? 0U : up_to(3);
  out.sign_outs = random.happens(800) ? 0U : up_to(2);
  out.hides_a_city = random.happens(150);
  out.has_newer_devices = random.happens(200);
  out.upgrades = out.store != MediumKind::memory && random.happens(600);
  out.merges_lists_three_way = random.happens(300);
  out.network.stall = rate(30);
  if (random.happens(500)) out.network.queued_bytes_max = static_cast<std::size_t>(random.between(2'000, 20'000));
  SimRandom selection(seed ^ 0x5E1EULL);  // Its own: the other draws stay what they are.
  out.has_expressions = selection.happens(100);
  out.reselects = static_cast<unsigned>(selection.between(0, 4));
  if (out.store == MediumKind::file_sqlite) {
    SimRandom machine(seed ^ 0x9039E8ULL);
    out.store_power_cuts = static_cast<unsigned>(machine.between(1, 4));
    out.network.together_max = static_cast<std::size_t>(machine.between(1, 8));
    out.store_disk_failures = static_cast<unsigned>(machine.between(0, 4));
  }
  composition.apply(out, random);
  return out;
}

}  // namespace holdfast::simulation
