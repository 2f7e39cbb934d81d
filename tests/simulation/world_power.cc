// The machine of the backend, whose power may go, and its disk, which may fail or be full.
#include "tests/simulation/world.h"

namespace holdfast::simulation {
namespace {

/// A write of the backend is two calls of its disk, since its log is gathered; what is taken in at a close is many.
std::uint64_t within_writes(std::uint64_t calls) { return (calls + 4) / 5; }

}  // namespace

void World::plan_power_cuts() {
  for (unsigned count = 0; store_files_ && count < options_.store_power_cuts; ++count) {
    auto calls = static_cast<std::uint64_t>(machine_random_.between(1, 60));
    const bool is_shut_down = machine_random_.happens(300);
    if (!is_shut_down) calls = within_writes(calls);
    agenda_.after(Milliseconds(machine_random_.between(0, options_.chaos_ms)), [this, calls, is_shut_down] {
      if (!server_ || is_healed_) return;
      store_files_->disk.fail_at(calls, sqlite::testing::Fault::power_cut);
      // Otherwise it goes when the backend has written so often; at the close of its file, while the log is taken in.
      if (is_shut_down) restart_machine();
    });
  }
}

void World::plan_store_failures() {
  for (unsigned count = 0; store_files_ && count < options_.store_disk_failures; ++count) {
    const auto calls = within_writes(static_cast<std::uint64_t>(machine_random_.between(1, 30)));
    const auto fault =
        machine_random_.happens(500) ? sqlite::testing::Fault::io_error : sqlite::testing::Fault::disk_full;
    const Milliseconds duration(machine_random_.between(100, 10'000));
    agenda_.after(Milliseconds(machine_random_.between(0, options_.chaos_ms)), [this, calls, fault, duration] {
      if (!server_ || is_healed_ || !has_backend_power()) return;
      store_files_->disk.fail_at(calls, fault);
      agenda_.after(duration, [this] {
        if (!has_backend_power()) return;
        if (store_files_->disk.has_failed()) probes_.hit(Probe::backend_disk_failure);
        store_files_->disk.heal();
      });
    });
  }
}

void World::restart_machine() {
  const bool had_power = has_backend_power();
  say("the machine of the backend restarts");
  stop_backend();
  wrapped_.reset();
  store_.reset();
  if (had_power && !has_backend_power()) probes_.hit(Probe::backend_shutdown_cut);
  if (!has_backend_power()) store_files_->disk.restore_power(machine_random_.bits());
  open_store();
  if (!failure_.empty()) return;
  if (const auto missing = racing_->settle(); !missing.empty()) return fail(missing);
  start_backend_after(Milliseconds(machine_random_.between(10, 5'000)));
}

}  // namespace holdfast::simulation
