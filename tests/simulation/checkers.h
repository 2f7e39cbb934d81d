// Checkers: the seven invariants of ARCHITECTURE.md, as code that looks at a world from outside.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace holdfast::simulation {

/// Rows of one model and key, by "Model key".
using Rows = std::map<std::string, Record>;

class Checkers {
 public:
  explicit Checkers(World& world);

  /// Begins to replay what the device's observers are told (invariant 5).
  void watch(SimDevice& device);
  void on_error(SimDevice& device, const SyncError& error);
  /// Whatever the device had not told anybody before it died, it cannot tell any more.
  void on_crash(const SimDevice& device);
  /// Invariants 1, 2 and 5 on every device that is up.
  void check_step();
  /// Invariant 4, and what the workload promised.
  void check_end();
  /// Invariant 7: empty when every device shows what the backend holds; otherwise the first difference.
  [[nodiscard]] std::string all_states_equal();

 private:
  void on_sent(const Mutation& mutation);
  void on_over(const Mutation& mutation, bool is_acknowledged);
  void check_ends_of_mutations();
  void check_device(SimDevice& sim);
  /// What the device's queries return is what its storage holds.
  void check_queries(SimDevice& sim, const Rows& held);
  void check_dead_letters(SimDevice& sim);
  Result<void> check_records(SimDevice& sim, client::Transaction& transaction);
  void check_versions(SimDevice& sim, const std::string& name, const client::Stored& stored);
  void check_visible(SimDevice& sim, const std::string& name, const client::Stored& stored,
                     const std::vector<client::OutboxEntry>& entries);
  [[nodiscard]] Rows backend_rows();
  [[nodiscard]] Rows visible_rows(SimDevice& sim);

  World& world_;
  std::set<std::pair<const void*, std::string>> in_flight_;            ///< Sender and record.
  std::map<std::pair<unsigned, std::string>, std::int64_t> last_sent_;  ///< Device and record to the entry's number.
  std::set<std::string> acknowledged_;                                  ///< Mutation ids.
  std::map<std::string, Mutation> sent_;                                ///< By mutation id.
  std::set<std::string> excused_;                                       ///< Mutation ids of `on_crash`.
  std::map<std::pair<unsigned, std::string>, int> refusals_;            ///< Device and model to reported refusals.
  std::set<std::pair<unsigned, std::string>> hydrated_;                 ///< Device and model that made a base sync.
  std::map<unsigned, std::size_t> buried_;                              ///< Device to the dead letters it must have.
};

/// "Model key": how checkers name a record.
std::string row_name(const ModelSchema& model, const Key& key);
std::string shown(const Record& record);

}  // namespace holdfast::simulation
