#include <utility>

#include "api/document.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/simulation/checkers.h"
#include "tests/simulation/workloads.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {
namespace {

Probe probe_of(CrashPoint point) {
  if (point == CrashPoint::power_cut) return Probe::power_cut;
  return point == CrashPoint::before_commit ? Probe::crash_before_commit : Probe::crash_after_commit;
}

}  // namespace

// Opened anew, the one before is still open, because a database in memory would be gone without it; but not when
// its power has gone.
void World::open_store() {
  if (store_files_) store_files_->disk.heal();  // A power cut that is planned does not come meanwhile.
  std::unique_ptr<server::Store> opened;
  if (options_.store != MediumKind::memory) {
    const auto path = store_files_ ? store_files_->uri("backend.db") : store_path_;
    auto stored = server::open_sqlite_store(*served_, backend_clock_, path);
    if (!stored) return fail("the backend's store does not open: " + stored.error().message);
    opened = std::move(*stored);
  } else {
    opened = server::memory_store(*served_, backend_clock_);
  }
  auto wrapped = options_.wrap_store ? options_.wrap_store(*opened) : nullptr;
  auto& front = wrapped ? *wrapped : *opened;
  if (racing_) {
    racing_->stand_before(front);
  } else {
    racing_ = std::make_unique<RacingStore>(front, random_, probes_);
    racing_->puts_together = store_files_ != nullptr;
  }
  wrapped_ = std::move(wrapped);
  store_ = std::move(opened);
}

void World::start_backend() {
  say("backend starts");
  auto api = api::document(*served_, {.is_versioned = options_.conflict != server::ConflictStrategy::none});
  server::ServerPorts ports{.schema = *served_,
                            .api = std::move(api),
                            .store = *racing_,
                            .clock = backend_clock_,
                            .random = backend_random_,
                            .log = silent_log(),
                            .decider = wrapped_rules_ ? *wrapped_rules_ : rules_};
  server::ServerOptions options;
  for (unsigned number = 0; number <= options_.devices; ++number) {
    options.api_keys.push_back({.name = key_of(number), .secret = key_of(number)});
  }
  options.conflict = options_.conflict;
  options.merges_lists_three_way = options_.merges_lists_three_way;
  auto made = server::Server::make(std::move(ports), options);
  if (!made) return fail("the backend does not start: " + made.error().message);
  server_ = std::move(*made);
  network_.set_backend(server_.get());
}

void World::start_backend_after(Milliseconds delay) {
  agenda_.after(delay, [this] {
    if (!server_) start_backend();
  });
}

void World::stop_backend() {
  say("backend stops");
  network_.set_backend(nullptr);
  server_.reset();
}

void World::start_device(SimDevice& sim) {
  say("device " + std::to_string(sim.number) + " starts");
  // A wall clock that was set while the device was off: what the device last noted may seem to be of tomorrow.
  if (random_.happens(300)) sim.skew = Milliseconds(random_.between(-3'600'000, 3'600'000));
  if (options_.upgrades && sim.disk->can_change_schema() && sim.schema != served_ && random_.happens(600)) {
    sim.schema = served_;
    if (sim.device_starts > 0) {
      probes_.hit(Probe::device_upgraded);
      checkers_->on_upgrade(sim);
    }
  }
  sim.transport = network_.attach(sim.number);
  sim.disk->on_crash = [this, &sim] {
    say("device " + std::to_string(sim.number) + " dies");
    probes_.hit(probe_of(sim.disk->crash_point()));
    checkers_->on_crash(sim);
    SimNetwork::cut_off(*sim.transport);
  };
  ++sim.device_starts;
  auto mounted = sim.disk->mount(*sim.schema, random_.bits());
  if (!mounted) {
    return fail("device " + std::to_string(sim.number) + "'s storage does not open: " + mounted.error().message);
  }
  DevicePorts ports;
  sim.clock = std::make_shared<SkewedClock>(agenda_, sim.skew);
  ports.clock = sim.clock;
  ports.random = std::make_shared<SimRandom>(random_.bits());
  ports.transport = sim.transport;
  ports.log = std::shared_ptr<Log>(&silent_log(), [](Log*) {});
  ports.storage = std::move(*mounted);
  if (options_.wrap_storage) ports.storage = options_.wrap_storage(std::move(ports.storage));
  // A device that keeps a part of the models may refer to the rest.
  sim.device = std::make_unique<Device>(*sim.schema, std::move(ports),
                                        StoreOptions{.requires_parents = sim.expressions.empty()});
  if (sim.disk->had_power_cut()) checkers_->on_power_cut(sim);
  checkers_->watch(sim);
  start_sync(sim);
}

void World::start_sync(SimDevice& sim) {
  SyncOptions sync;
  sync.endpoint = "http://backend/graphql";
  sync.auth = api_key(key_of(sim.number));
  sync.page_rows = static_cast<std::uint32_t>(random_.between(1, 12));
  sync.request_timeout = Milliseconds(5'000);
  sync.retry_delay_max = Milliseconds(8'000);
  if (options_.retries_conflicts) {
    sync.on_conflict = [this](const Conflict& conflict) {
      probes_.hit(conflict.attempts >= 10 ? Probe::conflict_capped : Probe::conflict_asked);
      return ConflictAnswer(RetryLocal{});
    };
  }
  sync.on_error = [this, &sim](const SyncError& error) {
    say("device " + std::to_string(sim.number) + " reports " + error.operation + " " + error.error_type + " " +
        error.error.message);
    checkers_->on_error(sim, error);
  };
  sync.expressions = expressions_of(sim);
  sync.leaving = sim.leaving;
  if (options_.wrap_sync) options_.wrap_sync(sync);
  begin_asking(sim);
  sim.is_syncing = true;
  if (auto started = sim.device->start(std::move(sync)); !started && !sim.disk->has_crashed()) {
    fail("a device does not start: " + started.error().message);
  }
}

void World::stop_device(SimDevice& sim) {
  if (!sim.device) return;
  if (!sim.disk->has_crashed()) checkers_->on_crash(sim);
  SimNetwork::cut_off(*sim.transport);
  sim.disk->unmount();
  sim.subscriptions.clear();
  sim.is_syncing = false;
  sim.asked.reset();
  sim.device.reset();
}

void World::crash_device(SimDevice& sim) {
  if (!sim.device) return;
  say("device " + std::to_string(sim.number) + " is down");
  stop_device(sim);
  const auto back_after = is_healed_ ? Milliseconds(10) : Milliseconds(random_.between(10, 4'000));
  agenda_.after(back_after, [this, &sim] {
    if (!sim.device) start_device(sim);
  });
}

void World::sign_out(SimDevice& sim) {
  say("device " + std::to_string(sim.number) + " signs out");
  probes_.hit(Probe::signed_out);
  // Nobody may count on what was not sent, from before clear() on: it may fail half way, with the process.
  const auto unsent = checkers_->on_sign_out(sim);
  if (!unsent.empty()) probes_.hit(Probe::signed_out_unsent);
  workloads_->on_sign_out(sim, unsent);
  sim.is_syncing = false;
  sim.asked.reset();
  auto cleared = sim.device->clear();
  if (sim.disk->has_crashed()) return;
  if (!cleared) return fail("a sign-out failed: " + cleared.error().message);
  checkers_->check_cleared(sim);
  checkers_->watch(sim);
  agenda_.after(Milliseconds(random_.between(0, 3'000)), [this, &sim, incarnation = sim.device_starts] {
    if (sim.device && sim.device_starts == incarnation && !sim.disk->has_crashed()) start_sync(sim);
  });
}

void World::revoke(const SimDevice& sim, const ModelSchema& model, Milliseconds duration) {
  say("device " + std::to_string(sim.number) + " may not touch " + model.name);
  rules_.set_revoked(caller_of(sim), model.name, true);
  agenda_.after(duration, [this, caller = caller_of(sim), number = sim.number, name = model.name] {
    rules_.set_revoked(caller, name, false);
    // What was withheld meanwhile is told by the sync of a new connection only.
    network_.break_sockets(number);
  });
}

}  // namespace holdfast::simulation
