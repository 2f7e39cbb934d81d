// World: devices and a backend in one process, under virtual time, with every fault the seed draws. Production code
// everywhere but clock, random, transport and disk.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/device.h"
#include "server/server.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/racing_store.h"
#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_network.h"

namespace holdfast::simulation {

/// Drawn from the seed; one comment a field.
struct WorldOptions {
  unsigned devices = 3;
  unsigned operations = 60;             ///< Writes of the applications, all devices together.
  std::int64_t chaos_ms = 30'000;       ///< Operations and faults are spread over this.
  std::int64_t patience_ms = 900'000;   ///< After healing, everything must have converged within this.
  unsigned device_crashes = 3;
  unsigned backend_crashes = 1;
  unsigned partitions = 2;
  unsigned offline_spells = 2;          ///< The application's own set_online(false).
  bool uses_sqlite = false;             ///< Storages and store on SQLite in memory instead of plain memory.
  server::ConflictStrategy conflict = server::ConflictStrategy::automerge;
  bool retries_conflicts = false;       ///< The devices' conflict handlers send the local change again.
  unsigned disk_failure = 0;            ///< Transactions of devices that are undone, in permille.
  std::int64_t backend_grain_ms = 1;    ///< How coarse the backend's wall clock is.
  unsigned device_clock_jumps = 0;      ///< How often a running device's wall clock is set.
  unsigned founded_rows = 0;            ///< What the backend holds before the first device starts: long first syncs.
  unsigned backend_clock_jumps = 0;     ///< How often it is set, forwards or back.
  NetworkOptions network = {};
  /// For tests: a store in front of the backend's.
  std::function<std::unique_ptr<server::Store>(server::Store&)> wrap_store = {};
  /// For tests: a storage in front of each that a device mounts.
  std::function<std::unique_ptr<client::Storage>(std::unique_ptr<client::Storage>)> wrap_storage = {};
  NetworkTaps taps = {};

  static WorldOptions drawn(std::uint64_t seed);
};

/// What an invariant's checker found; empty when all hold.
struct Verdict {
  std::string failure;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  std::vector<std::string> last_steps;
  Probes probes = {};
};

/// One device and what the checkers know of it.
struct SimDevice {
  unsigned number = 0;
  Milliseconds skew{};
  std::shared_ptr<SkewedClock> clock;                   ///< Of the current incarnation.
  std::unique_ptr<SimDisk> disk;
  std::shared_ptr<SimTransport> transport;
  std::unique_ptr<Device> device;                       ///< Null while the process is dead.
  std::vector<Subscription> subscriptions;
  /// Model and key to the row, replayed from what the observers were told.
  std::map<std::string, Record> observed;
  /// Model and key to the highest version ever seen on this device.
  std::map<std::string, std::int64_t> versions;
};

class World {
 public:
  World(const Schema& schema, std::uint64_t seed, WorldOptions options);
  ~World();

  Verdict run();

 private:
  friend class Checkers;
  friend class Workload;

  void fail(const std::string& what);
  void say(const std::string& line) { trace_.add(agenda_.ms(), line); }
  void start_backend();
  void stop_backend();
  void start_device(SimDevice& device);
  void stop_device(SimDevice& device);
  void crash_device(SimDevice& device);
  void plan_faults();
  void plan_clock_jumps();
  void heal();
  /// Runs the agenda until `at`, or until something failed.
  void run_until(Tick at);
  [[nodiscard]] bool has_converged();
  void check_fresh_device();

  const Schema& schema_;
  WorldOptions options_;
  const graphql::SchemaDocument api_;
  Trace trace_;
  Probes probes_;
  Agenda agenda_;
  SkewedClock backend_clock_;
  SimRandom random_;
  SimRandom backend_random_;
  SimRandom jump_random_;  ///< Of the devices' clocks: a jump more disturbs nothing else.
  std::string failure_;
  bool is_healed_ = false;
  std::unique_ptr<server::Store> store_;
  std::unique_ptr<server::Store> wrapped_;  ///< Null: nothing is in front of the store.
  std::unique_ptr<RacingStore> racing_;
  SimNetwork network_;
  std::unique_ptr<server::Server> server_;
  std::vector<std::unique_ptr<SimDevice>> devices_;
  std::unique_ptr<class Checkers> checkers_;
  std::unique_ptr<class Workload> workload_;
};

}  // namespace holdfast::simulation
