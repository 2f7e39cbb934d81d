// Stage: a backend and some devices under virtual time, on which one scenario is played. Production code everywhere
// but clock, random, transport and disk; nothing goes wrong that was not asked for.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/device.h"
#include "server/server.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/trace.h"
#include "tests/spec/gate.h"
#include "tests/spec/wires.h"

namespace holdfast::spec {

/// What devices and backend keep their rows in.
enum class Medium : std::uint8_t { memory, sqlite };

/// How a device syncs; the rest is SyncOptions' defaults, with shorter delays.
struct SyncPlan {
  std::string api_key = "da2-right";
  std::vector<std::string> auth{"apiKey"};  ///< Modes, in the order in which they are tried.
  std::string user = {};                ///< SyncOptions::user.
  std::string on_conflict = "service";  ///< "service" (no handler), "apply_remote", "retry_local", "discard".
  std::uint32_t page_rows = 1000;
  std::uint32_t records_max = 10'000'000;
  std::int64_t full_sync_minutes = 1440;
  std::map<std::string, Predicate> keep = {};  ///< Sync expressions, by model.
  Leaving leaving = Leaving::at_once;
};

struct StageOptions {
  Medium medium = Medium::memory;
  unsigned devices = 2;
  server::ConflictStrategy conflict = server::ConflictStrategy::automerge;
  bool merges_lists_three_way = false;
  SyncPlan sync = {};
  std::size_t outbox_max = 10'000'000;
  Milliseconds retention = server::Retention().tombstones;  ///< Of the backend's change log and tombstones.
};

/// One device. What is known of it outlives its processes.
struct StageDevice {
  unsigned number = 0;
  const Schema* schema = nullptr;  ///< That its next process is compiled with.
  SyncPlan plan = {};
  Milliseconds skew{};
  std::unique_ptr<simulation::SimDisk> disk = {};
  WireBook wires = {};
  std::shared_ptr<simulation::SimTransport> transport = {};  // Shared with the requests under way.
  std::vector<Subscription> subscriptions = {};
  std::unique_ptr<Device> device = {};  ///< Null while the process is dead.
  bool is_started = false;              ///< start() was called, stop() was not.
  bool is_online = true;                ///< As the scenario told it.
  bool is_reachable = true;
  bool is_live = false;  ///< Synced since the network was last there.
  List events = {};      ///< {"event":name, …}
  List changes = {};     ///< {"model","type","origin","fields"}
  List errors = {};      ///< {"operation","model","errorType","code"}
  std::deque<Value> credentials{Object{{"token", "good"}}};  ///< What the source of tokens answers; the last for ever.
  unsigned times_asked = 0;                                  ///< The source.
};

/// Credentials and user of the device's plan.
void add_auth(StageDevice& device, SyncOptions& options);

class Stage {
 public:
  Stage(const Schema& schema, const StageOptions& options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
  [[nodiscard]] std::vector<std::unique_ptr<StageDevice>>& devices() noexcept { return devices_; }
  [[nodiscard]] simulation::Agenda& agenda() noexcept { return agenda_; }
  [[nodiscard]] server::Store& store() noexcept { return *store_; }
  [[nodiscard]] Access& access() noexcept { return access_; }
  [[nodiscard]] const simulation::Trace& trace() const noexcept { return trace_; }

  Result<void> start_backend(const std::string& api_key);
  void stop_backend();
  /// The device's next process is of the application's next release, whose Post.title is an ID, which keeps every value;
  /// its disk is opened anew. A memory storage cannot be: there the release has the old schema.
  void upgrade(StageDevice& device);
  /// A new process on the device's disk; it does not sync before start().
  void open(StageDevice& device);
  /// The process dies: nothing of it is told, nothing reaches the disk any more.
  void kill(StageDevice& device);
  Result<void> start(StageDevice& device);
  void stop(StageDevice& device);
  Result<void> reselect(StageDevice& device);
  void set_online(StageDevice& device, bool is_online);
  void set_reachable(StageDevice& device, bool is_reachable);
  /// Every message takes this long from now on.
  void set_delay(Milliseconds delay);

  void run_for(Milliseconds time);
  /// Runs until every reachable, started device is live, has an empty outbox and shows what the backend holds, and a
  /// little longer. Code: timed_out, naming what differs.
  Result<void> settle(Milliseconds at_most);

  /// Rows with the service's metadata in them, by key; of the backend its tombstones on request.
  std::map<std::string, Object> rows(StageDevice& device, const ModelSchema& model);
  std::map<std::string, Object> backend_rows(const ModelSchema& model, bool of_tombstones);

 private:
  void watch(StageDevice& device);
  /// Buries the devices whose disk stopped the world.
  void bury();
  [[nodiscard]] std::string difference();
  [[nodiscard]] std::string difference(StageDevice& device, const ModelSchema& model);

  const Schema& schema_;
  std::deque<Schema> releases_;  ///< Of upgraded devices, one a start: the disk is opened anew for each.
  const StageOptions options_;
  simulation::Trace trace_;
  simulation::Probes probes_;  // Nobody asks for them here.
  simulation::Agenda agenda_;
  simulation::SimRandom random_{1};
  simulation::SimRandom backend_random_{2};
  std::unique_ptr<server::Store> store_;
  simulation::SimNetwork network_;
  Access access_;
  const AccessRules rules_{access_};
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<Gate> gate_;  ///< Before the server.
  std::vector<std::unique_ptr<StageDevice>> devices_;
};

}  // namespace holdfast::spec
