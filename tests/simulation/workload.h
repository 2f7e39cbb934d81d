// Workload: what the applications on the devices do, and what they may expect of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/world.h"
#include "tests/simulation/rows.h"

namespace holdfast::simulation {

/// What an application knows of a write after the call. Unknown: the process died in it.
enum class Made : std::uint8_t { yes, no, unknown };

/// A part of a composition. Records whose first key value begins with "own-" belong to the workload that made them: no
/// other touches them.
class Workload {
 public:
  explicit Workload(World& world) : world_(world) {}
  virtual ~Workload() = default;

  /// Before the first start: what the backend has.
  virtual void found() {}
  /// One operation on a device that is up.
  virtual void operate(SimDevice& sim) = 0;
  /// The device forgets what it has not sent: changes of these records.
  virtual void on_sign_out(const SimDevice& /*sim*/, const std::set<std::string>& /*unsent*/) {}
  /// The backend has written a record.
  virtual void on_written(const server::Image& /*image*/) {}
  /// What holds on a device at every step.
  virtual void check_device(const SimDevice& /*sim*/, const Rows& /*held*/) {}
  /// When all have converged.
  virtual void check_end(const Rows& /*backend*/) {}

 protected:
  [[nodiscard]] static bool is_up(const SimDevice& sim) { return sim.device && !sim.disk->has_crashed(); }
  [[nodiscard]] static const ModelSchema& model(const SimDevice& sim, std::string_view name) {
    return *sim.schema->model(name);
  }
  [[nodiscard]] const ModelSchema& served_model(std::string_view name) const { return *world_.served_->model(name); }
  /// The row's name, whatever the schema's version.
  [[nodiscard]] std::string name_of(std::string_view model, Key key) const {
    return row_name(served_model(model), key);
  }
  [[nodiscard]] std::string name_of(std::string_view model, const std::string& id) const {
    return name_of(model, Key{{id}});
  }
  [[nodiscard]] std::optional<Record> find(SimDevice& sim, std::string_view model, const Key& key);
  /// The rows that belong to everybody.
  [[nodiscard]] std::vector<Record> shared_rows(SimDevice& sim, const ModelSchema& model);
  /// Fails the world when the error is none that an application must expect: a disk that cannot write, or one of these.
  Made made(const SimDevice& sim, const std::optional<Error>& error, std::string_view what,
            std::set<Code> expected = {});
  Made save(SimDevice& sim, Record record, const Patch* changes, std::string_view what,
            const Predicate& condition = {});
  Made remove(SimDevice& sim, const Record& record, std::string_view what);
  /// Straight into the backend's store, with the timestamps of its model.
  void found(Record record);

  [[nodiscard]] SimRandom& random() { return world_.random_; }
  [[nodiscard]] const WorldOptions& options() const { return world_.options_; }
  [[nodiscard]] bool is_hidden(const SimDevice& sim, const Record& row) const {
    return world_.rules_.is_hidden_from(world_.caller_of(sim), row);
  }
  void fail(const std::string& what) { world_.fail(what); }
  void after(Milliseconds delay, std::function<void()> task) { world_.agenda_.after(delay, std::move(task)); }
  [[nodiscard]] std::vector<std::unique_ptr<SimDevice>>& devices() { return world_.devices_; }
  void sign_out(SimDevice& sim) { world_.sign_out(sim); }
  void revoke(const SimDevice& sim, const ModelSchema& model, Milliseconds duration) {
    world_.revoke(sim, model, duration);
  }
  /// Different at every call: what a write can be told by.
  [[nodiscard]] int next_count() { return ++count_; }

 private:
  World& world_;
  int count_ = 0;
};

/// A kind of workload that a composition may name, with its settings and what they are when it does not say.
struct WorkloadKind {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::int64_t>> settings;
  std::function<std::unique_ptr<Workload>(World&, const WorkloadSpec&, SimRandom&)> make;
};
const std::vector<WorkloadKind>& workload_kinds();

std::vector<WorkloadKind> value_kinds();   ///< Fields that one device alone writes: registers, team, counters, lists.
std::vector<WorkloadKind> shared_kinds();  ///< Records that everybody writes: rows, seats, contention.
std::vector<WorkloadKind> family_kinds();  ///< Parents and children: rings, cascades.
std::vector<WorkloadKind> zone_kinds();    ///< Rows that come and go with sync expressions: zones.
std::vector<WorkloadKind> access_kinds();  ///< Beside the records: hydrate, sign_out, revoke.

}  // namespace holdfast::simulation
