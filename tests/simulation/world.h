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
#include "tests/simulation/expressions.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/racing_store.h"
#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_rules.h"
#include "tests/simulation/world_options.h"

namespace holdfast::simulation {

/// Of the first model, in the newer schema: a string that may be null.
inline constexpr const char* newer_field = "subtitle";

/// What an invariant's checker found; empty when all hold.
struct Verdict {
  std::string failure;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  std::vector<std::string> last_steps = {};
  Probes probes = {};
};

/// One device and what the checkers know of it.
struct SimDevice {
  unsigned number = 0;
  Milliseconds skew{};
  const Schema* schema = nullptr;                       ///< Of the installed application.
  std::shared_ptr<SkewedClock> clock;                   ///< Of the current incarnation.
  std::unique_ptr<SimDisk> disk;
  std::shared_ptr<SimTransport> transport;
  std::unique_ptr<Device> device;                       ///< Null while the process is dead.
  unsigned device_starts = 0;                           ///< Tells incarnations apart.
  bool is_syncing = false;                              ///< Started, and not signed out.
  std::vector<Expression> expressions;                  ///< One a model of the schema; empty: it keeps everything.
  Leaving leaving = Leaving::at_once;
  std::shared_ptr<AskedExpressions> asked;  ///< The newest round; shared with the answers that are outstanding.
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
  friend class SelectionChecks;
  friend class Workload;
  friend class Workloads;

  void fail(const std::string& what);
  void say(const std::string& line) { trace_.add(agenda_.ms(), line); }
  // world_lives.cc: how devices and backend come and go.
  void open_store();
  void start_backend();
  void stop_backend();
  void start_backend_after(Milliseconds delay);
  void start_device(SimDevice& device);
  void start_sync(SimDevice& device);
  void stop_device(SimDevice& device);
  void crash_device(SimDevice& device);
  void sign_out(SimDevice& device);
  void revoke(const SimDevice& device, const ModelSchema& model, Milliseconds duration);
  [[nodiscard]] std::string caller_of(const SimDevice& device) const { return key_of(device.number); }
  // world_power.cc: the backend's machine and its disk.
  void plan_power_cuts();
  void plan_store_failures();
  [[nodiscard]] bool has_backend_power() const { return !store_files_ || store_files_->disk.has_power(); }
  /// The store is closed and opened again, from what the disk holds.
  void restart_machine();
  // world_selection.cc: what the devices keep.
  /// Of a device that has none, else of some of its models.
  void draw_expressions(SimDevice& device);
  std::vector<SyncExpression> expressions_of(SimDevice& device);
  void begin_asking(SimDevice& device);
  void answer_expression(SimDevice& device, const std::shared_ptr<AskedExpressions>& asked, std::size_t at,
                         Expression expression, const SyncExpression::Answer& answer);
  /// The device asks for its expressions again. Nothing happens when it keeps everything, or does not sync.
  void reselect(SimDevice& device);
  void reword_expressions();
  void plan_reselects();
  // world_faults.cc: what goes wrong, and when.
  Milliseconds some_time();
  SimDevice& some_device();
  void plan_faults();
  void plan_crashes();
  void plan_cuts();
  void plan_access();
  void plan_upgrade();
  void plan_clock_jumps();
  void heal();
  /// Runs the agenda until `at`, or until something failed.
  void run_until(Tick at);
  /// The backend and every device are up to date; false within this time, or when something has failed.
  bool converges_within(Milliseconds patience, Milliseconds step);
  [[nodiscard]] bool has_converged();
  void check_after_base_sync();
  void check_fresh_device();

  const Schema& schema_;
  const Schema newer_;             ///< As newer devices have it: one field more.
  const Schema* served_ = nullptr;  ///< The backend's: one of the two.
  WorldOptions options_;
  Trace trace_;
  Probes probes_;
  Agenda agenda_;
  SkewedClock backend_clock_;
  SimRandom random_;
  SimRandom backend_random_;
  SimRandom jump_random_;  ///< Of the devices' clocks: a jump more disturbs nothing else.
  SimRandom machine_random_;    ///< Of power cuts, likewise.
  SimRandom selection_random_;  ///< Of what devices keep, likewise.
  std::string failure_;
  bool is_healed_ = false;
  bool is_after_base_sync_ = false;  ///< Rows that have left an expression unheard are gone.
  SimRules rules_;
  const std::unique_ptr<server::Decider> wrapped_rules_;  ///< Null: nothing is in front of the rules.
  const std::string store_path_;   ///< Of a store on SQLite in memory.
  const std::unique_ptr<Files> store_files_;  ///< Of a store on files.
  std::unique_ptr<server::Store> store_;
  std::unique_ptr<server::Store> wrapped_;  ///< Null: nothing is in front of the store.
  std::unique_ptr<RacingStore> racing_;
  SimNetwork network_;
  std::unique_ptr<server::Server> server_;
  std::vector<std::unique_ptr<SimDevice>> devices_;
  std::unique_ptr<class Checkers> checkers_;
  std::unique_ptr<class Workloads> workloads_;
};

}  // namespace holdfast::simulation
