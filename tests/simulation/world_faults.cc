#include <utility>

#include "tests/simulation/workloads.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {

Milliseconds World::some_time() { return Milliseconds(random_.between(0, options_.chaos_ms)); }

SimDevice& World::some_device() { return *devices_[below(random_, devices_.size())]; }

void World::plan_faults() {
  plan_crashes();
  plan_power_cuts();
  plan_store_failures();
  plan_cuts();
  plan_access();
  if (options_.upgrades) plan_upgrade();
  plan_clock_jumps();
  if (options_.has_expressions) plan_reselects();
}

void World::plan_crashes() {
  for (unsigned count = 0; count < options_.device_crashes; ++count) {
    auto& sim = some_device();
    // 0: between two steps; otherwise in the middle of one, at one of its transactions.
    const auto writes = static_cast<unsigned>(random_.between(0, 6));
    const auto point = random_.happens(500) ? CrashPoint::before_commit : CrashPoint::after_commit;
    agenda_.after(some_time(), [this, &sim, writes, point] {
      if (writes == 0) return crash_device(sim);
      if (sim.disk->has_power_to_lose()) return sim.disk->cut_power_at(writes * 3);
      sim.disk->crash_at(writes, point);
    });
  }
  for (unsigned count = 0; count < options_.backend_crashes; ++count) {
    agenda_.after(some_time(), [this] {
      if (!server_) return;
      probes_.hit(Probe::backend_restart);
      stop_backend();
      start_backend_after(Milliseconds(random_.between(10, 5'000)));
    });
  }
}

void World::plan_cuts() {
  for (unsigned count = 0; count < options_.partitions; ++count) {
    const auto number = some_device().number;
    agenda_.after(some_time(), [this, number] {
      if (is_healed_) return;
      network_.set_partitioned(number, true);
      agenda_.after(Milliseconds(random_.between(100, 20'000)),
                    [this, number] { network_.set_partitioned(number, false); });
    });
  }
  for (unsigned count = 0; count < options_.offline_spells; ++count) {
    auto& sim = some_device();
    agenda_.after(some_time(), [this, &sim] {
      if (sim.device && !is_healed_) sim.device->set_online(false);
      agenda_.after(Milliseconds(random_.between(100, 10'000)), [&sim] {
        if (sim.device) sim.device->set_online(true);
      });
    });
  }
}

void World::plan_access() {
  for (unsigned count = 0; count < options_.expiries; ++count) {
    const auto number = some_device().number;
    agenda_.after(some_time(), [this, number] {
      if (is_healed_) return;
      network_.set_expired(number, true);
      agenda_.after(Milliseconds(random_.between(100, 15'000)),
                    [this, number] { network_.set_expired(number, false); });
    });
  }
  for (unsigned count = 0; count < options_.revocations; ++count) {
    agenda_.after(some_time(), [this] {
      const auto& model = schema_.models[below(random_, schema_.models.size())];
      if (!is_healed_) revoke(some_device(), model, Milliseconds(random_.between(100, 20'000)));
    });
  }
  for (unsigned count = 0; count < options_.sign_outs; ++count) {
    agenda_.after(some_time(), [this] {
      auto& sim = some_device();
      if (sim.device && !sim.disk->has_crashed()) sign_out(sim);
    });
  }
}

// The backend goes first: a device asks for the fields that it knows.
void World::plan_upgrade() {
  agenda_.after(some_time(), [this] {
    say("the backend gets the newer schema");
    probes_.hit(Probe::backend_upgraded);
    if (server_) stop_backend();
    served_ = &newer_;
    open_store();
    if (failure_.empty()) start_backend();
    for (auto& sim : devices_) {
      agenda_.after(some_time(), [this, &sim = *sim] {
        if (!is_healed_) crash_device(sim);
      });
    }
  });
}

void World::plan_clock_jumps() {
  for (unsigned count = 0; count < options_.backend_clock_jumps; ++count) {
    agenda_.after(Milliseconds(random_.between(0, options_.chaos_ms)), [this] {
      say("the backend's clock is set");
      backend_clock_.set_skew(Milliseconds(random_.between(-20'000, 20'000)));
    });
  }
  for (unsigned count = 0; count < options_.device_clock_jumps; ++count) {
    auto& sim = *devices_[below(jump_random_, devices_.size())];
    agenda_.after(Milliseconds(jump_random_.between(0, options_.chaos_ms)), [this, &sim] {
      say("the clock of device " + std::to_string(sim.number) + " is set");
      sim.skew = Milliseconds(jump_random_.between(-100'000'000, 100'000'000));
      sim.clock->set_skew(sim.skew);
    });
  }
}

void World::heal() {
  say("everything heals");
  is_healed_ = true;
  network_.set_options({.delay_min_ms = 1, .delay_max_ms = 5});
  racing_->race = nullptr;
  if (store_files_) store_files_->disk.heal();
  if (!server_) start_backend();
  for (auto& sim : devices_) {
    network_.set_partitioned(sim->number, false);
    network_.set_expired(sim->number, false);
    sim->disk->crash_at(0, CrashPoint::before_commit);
    sim->disk->fails = nullptr;
    if (!sim->device) start_device(*sim);
    sim->device->set_online(true);
    reselect(*sim);  // An application that did not know an answer does so now.
  }
}

}  // namespace holdfast::simulation
