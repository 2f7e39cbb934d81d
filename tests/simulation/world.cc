#include "tests/simulation/world.h"

#include <utility>

#include "api/document.h"
#include "client/storage/memory/memory_storage.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/simulation/checkers.h"
#include "tests/simulation/workload.h"

namespace holdfast::simulation {
namespace {

constexpr const char* api_key_text = "da2-simulated";

std::string memdb(std::uint64_t seed, const std::string& name) {
  // Unique a world: memdb databases of one name are shared within the process.
  static std::uint64_t worlds = 0;
  return "file:/holdfast-sim-" + std::to_string(seed) + "-" + std::to_string(++worlds) + "-" + name + "?vfs=memdb";
}

std::unique_ptr<client::Storage> storage_for(const Schema& schema, bool uses_sqlite, std::uint64_t seed, unsigned number) {
  if (!uses_sqlite) return client::memory_storage(schema);
  auto opened = client::open_sqlite_storage(schema, {.path = memdb(seed, "device" + std::to_string(number))});
  return std::move(opened).value();
}

std::unique_ptr<server::Store> store_for(const Schema& schema, bool uses_sqlite, std::uint64_t seed, Clock& clock) {
  if (!uses_sqlite) return server::memory_store(schema, clock);
  return server::open_sqlite_store(schema, clock, memdb(seed, "backend")).value();
}

}  // namespace

WorldOptions WorldOptions::drawn(std::uint64_t seed) {
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
  out.uses_sqlite = seed % 10 == 0;
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
  out.founded_rows = random.happens(150) ? 20 + up_to(40) : 0;
  return out;
}

World::World(const Schema& schema, std::uint64_t seed, WorldOptions options)
    : schema_(schema),
      options_(std::move(options)),
      api_(api::document(schema, {.is_versioned = options_.conflict != server::ConflictStrategy::none})),
      backend_clock_(agenda_, {}, Milliseconds(options_.backend_grain_ms)),
      random_(seed),
      backend_random_(seed ^ 0xBACCULL),
      jump_random_(seed ^ 0xC10CULL),
      store_(store_for(schema, options_.uses_sqlite, seed, backend_clock_)),
      wrapped_(options_.wrap_store ? options_.wrap_store(*store_) : nullptr),
      racing_(std::make_unique<RacingStore>(wrapped_ ? *wrapped_ : *store_, random_, probes_)),
      network_(agenda_, random_, trace_, probes_),
      checkers_(std::make_unique<Checkers>(*this)),
      workload_(std::make_unique<Workload>(*this)) {
  network_.set_options(options_.network);
  network_.taps = options_.taps;
  racing_->race = [this] { network_.run_one_waiting(); };
  for (unsigned number = 0; number < options_.devices; ++number) {
    auto device = std::make_unique<SimDevice>();
    device->number = number;
    device->skew = Milliseconds(random_.between(-3'600'000, 3'600'000));
    device->disk = std::make_unique<SimDisk>(storage_for(schema, options_.uses_sqlite, seed, number));
    device->disk->fails = [this] {
      const bool fails = options_.disk_failure > 0 && random_.happens(options_.disk_failure);
      if (fails) probes_.hit(Probe::disk_failure);
      return fails;
    };
    devices_.push_back(std::move(device));
  }
}

World::~World() {
  for (auto& device : devices_) stop_device(*device);
  if (server_) stop_backend();
}

void World::fail(const std::string& what) {
  if (failure_.empty()) failure_ = "at " + std::to_string(agenda_.ms()) + " ms: " + what;
}

void World::start_backend() {
  say("backend starts");
  const server::ServerPorts ports{schema_, api_, *racing_, backend_clock_, backend_random_, silent_log()};
  server::ServerOptions options;
  options.api_key = api_key_text;
  options.conflict = options_.conflict;
  auto made = server::Server::make(ports, options);
  if (!made) return fail("the backend does not start: " + made.error().message);
  server_ = std::move(*made);
  network_.set_backend(server_.get());
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
  sim.transport = network_.attach(sim.number);
  sim.disk->on_crash = [this, &sim] {
    say("device " + std::to_string(sim.number) + " dies");
    probes_.hit(sim.disk->crash_point() == CrashPoint::before_commit ? Probe::crash_before_commit : Probe::crash_after_commit);
    checkers_->on_crash(sim);
    SimNetwork::cut_off(*sim.transport);
  };
  DevicePorts ports;
  sim.clock = std::make_shared<SkewedClock>(agenda_, sim.skew);
  ports.clock = sim.clock;
  ports.random = std::make_shared<SimRandom>(random_.bits());
  ports.transport = sim.transport;
  ports.log = std::shared_ptr<Log>(&silent_log(), [](Log*) {});
  ports.storage = sim.disk->mount();
  if (options_.wrap_storage) ports.storage = options_.wrap_storage(std::move(ports.storage));
  sim.device = std::make_unique<Device>(schema_, std::move(ports), StoreOptions{});
  checkers_->watch(sim);
  SyncOptions sync;
  sync.endpoint = "http://backend/graphql";
  sync.auth = api_key(api_key_text);
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

void World::plan_faults() {
  const auto some_time = [this] { return Milliseconds(random_.between(0, options_.chaos_ms)); };
  const auto some_device = [this]() -> SimDevice& { return *devices_[below(random_, devices_.size())]; };
  for (unsigned count = 0; count < options_.device_crashes; ++count) {
    auto& sim = some_device();
    // 0: between two steps; otherwise in the middle of one, at one of its transactions.
    const auto writes = static_cast<unsigned>(random_.between(0, 6));
    const auto point = random_.happens(500) ? CrashPoint::before_commit : CrashPoint::after_commit;
    agenda_.after(some_time(), [this, &sim, writes, point] {
      if (writes == 0) return crash_device(sim);
      sim.disk->crash_at(writes, point);
    });
  }
  for (unsigned count = 0; count < options_.backend_crashes; ++count) {
    agenda_.after(some_time(), [this] {
      if (!server_) return;
      probes_.hit(Probe::backend_restart);
      stop_backend();
      agenda_.after(Milliseconds(random_.between(10, 5'000)), [this] {
        if (!server_) start_backend();
      });
    });
  }
  for (unsigned count = 0; count < options_.partitions; ++count) {
    const auto number = some_device().number;
    agenda_.after(some_time(), [this, number] {
      if (is_healed_) return;
      network_.set_partitioned(number, true);
      agenda_.after(Milliseconds(random_.between(100, 20'000)), [this, number] { network_.set_partitioned(number, false); });
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
  if (!server_) start_backend();
  for (auto& sim : devices_) {
    network_.set_partitioned(sim->number, false);
    sim->disk->crash_at(0, CrashPoint::before_commit);
    sim->disk->fails = nullptr;
    if (!sim->device) start_device(*sim);
    sim->device->set_online(true);
  }
}

void World::run_until(Tick at) {
  agenda_.wake_at(at, [] {});
  while (failure_.empty() && agenda_.ticks() < at && agenda_.run_next()) {
    for (auto& sim : devices_) {
      if (sim->device && sim->disk->has_crashed()) crash_device(*sim);
    }
    if (trace_.steps() % 16 == 0) checkers_->check_step();
  }
}

bool World::has_converged() {
  for (auto& sim : devices_) {
    const auto waiting = sim->disk->inner().outbox_size();
    if (!sim->device || !waiting || *waiting != 0) return false;
  }
  return checkers_->all_states_equal().empty();
}

void World::check_fresh_device() {
  // Invariant 6: a device that only ever made a base sync holds what the others hold.
  auto fresh = std::make_unique<SimDevice>();
  fresh->number = static_cast<unsigned>(devices_.size());
  fresh->disk = std::make_unique<SimDisk>(client::memory_storage(schema_));
  devices_.push_back(std::move(fresh));
  start_device(*devices_.back());
  const auto end = agenda_.ticks() + Milliseconds(120'000);
  while (failure_.empty() && agenda_.ticks() < end && !has_converged()) run_until(agenda_.ticks() + Milliseconds(200));
  if (failure_.empty() && !has_converged()) fail("a fresh device differs after its base sync: " + checkers_->all_states_equal());
}

Verdict World::run() {
  workload_->found();
  start_backend();
  for (auto& device : devices_) start_device(*device);
  plan_faults();
  plan_clock_jumps();
  workload_->plan();
  run_until(agenda_.ticks() + Milliseconds(options_.chaos_ms));
  if (failure_.empty()) heal();
  const auto end = agenda_.ticks() + Milliseconds(options_.patience_ms);
  while (failure_.empty() && agenda_.ticks() < end && !has_converged()) run_until(agenda_.ticks() + Milliseconds(500));
  if (failure_.empty() && !has_converged()) fail("no convergence: " + checkers_->all_states_equal());
  if (failure_.empty()) check_fresh_device();
  if (failure_.empty()) checkers_->check_step();
  if (failure_.empty()) checkers_->check_end();
  return {failure_, trace_.hash(), trace_.steps(), {trace_.last().begin(), trace_.last().end()}, probes_};
}

}  // namespace holdfast::simulation
