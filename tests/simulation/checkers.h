// Checkers: the seven invariants of ARCHITECTURE.md, as code that looks at a world from outside.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/simulation/rows.h"
#include "tests/simulation/selection_checks.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {

/// See tests/simulation/device_checks.cc for what is checked of a device at every step.
class Checkers {
 public:
  explicit Checkers(World& world);

  /// Begins to replay what the device's observers are told (invariant 5).
  void watch(SimDevice& device);
  void on_error(SimDevice& device, const SyncError& error);
  /// Whatever the device had not told anybody before it died, it cannot tell any more.
  void on_crash(const SimDevice& device);
  /// The device has forgotten what it had not synced to its disk: all of it told by the service.
  void on_power_cut(SimDevice& device);
  /// It goes on with the schema that is served: until a model is fetched whole, its rows lack the new fields.
  void on_upgrade(const SimDevice& device);
  /// To be called before the device clears its store. Gives the names of records with changes that are not sent.
  std::set<std::string> on_sign_out(SimDevice& device);
  /// Nothing is left of what it had.
  void check_cleared(SimDevice& device);
  /// The device keeps this from now on: see SelectionChecks.
  void on_selected(const SimDevice& device, const std::vector<Expression>& expressions) {
    selection_.on_selected(device, expressions);
  }
  [[nodiscard]] bool is_settled(const SimDevice& device) const { return selection_.is_settled(device); }
  /// A conflict was settled, or not.
  void on_journal(const server::JournalEntry& entry);
  /// Invariants 1, 2 and 5 on every device that is up, and what the workloads promise of one.
  void check_step();
  /// Invariant 4, and what the workload promised.
  void check_end();
  /// Invariant 7: empty when every device shows what the backend holds; otherwise the first difference.
  [[nodiscard]] std::string all_states_equal();

 private:
  void on_sent(const Mutation& mutation);
  void on_over(const Mutation& mutation, bool is_acknowledged);
  /// Nothing is said that the rules forbid.
  void on_said(const Said& said);
  void on_change(SimDevice& device, const RecordChange& change);
  void on_event(SimDevice& device, const SyncEvent& event);
  void excuse(const SimDevice& device);
  void watch_query(SimDevice& device);
  void check_ends_of_mutations();
  void check_device(SimDevice& sim);
  /// What the device's queries return is what its storage holds.
  void check_queries(SimDevice& sim, const Rows& held);
  void check_live_query(SimDevice& sim);
  void check_dead_letters(SimDevice& sim);
  Result<void> check_records(SimDevice& sim, client::Transaction& transaction);
  [[nodiscard]] Result<std::optional<Record>> ground_of(const SimDevice& sim, const std::string& name,
                                                        std::int64_t version);
  void check_versions(SimDevice& sim, const std::string& name, const client::Stored& stored);
  void check_visible(SimDevice& sim, const std::string& name, const client::Stored& stored,
                     const std::vector<client::OutboxEntry>& entries);
  [[nodiscard]] bool is_compared(const SimDevice& sim, const std::string& name, const std::optional<Record>& expected,
                                 const client::Stored& stored, bool is_clean);
  [[nodiscard]] bool differs_in_new_fields_only(const SimDevice& sim, const std::optional<Record>& expected,
                                                const std::optional<Record>& shown);
  /// What the store and the devices hold. Read anew only after a write: most of a world's time nothing changes.
  const Rows& backend_rows();
  const Rows& visible_rows(const SimDevice& sim);
  /// What the backend holds and this device may see and keeps.
  [[nodiscard]] Rows expected_rows(const SimDevice& sim);
  /// What it shows, without what it could not hear of.
  [[nodiscard]] Rows current_rows(const SimDevice& sim, const Rows& expected);
  [[nodiscard]] Rows read_backend();
  [[nodiscard]] Rows read_device(const SimDevice& sim);

  /// A device as it was looked at last; counts of SimDisk, RacingStore and observers tell whether to look again.
  struct Look {
    std::optional<std::uint64_t> rows_at = {};                              ///< Disk writes.
    Rows rows = {};
    std::optional<std::pair<std::uint64_t, std::uint64_t>> checked_at = {};   ///< Disk writes, changes told.
    /// The same, and changed selections.
    std::optional<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>> compared_at = {};
    std::string difference = {};
  };
  /// What a live query of the device showed last.
  struct Live {
    bool is_synced = false;
    std::vector<Record> rows = {};
  };

  World& world_;
  SelectionChecks selection_;
  std::map<unsigned, Look> looks_;                                      ///< By device.
  std::map<unsigned, std::uint64_t> told_;                              ///< Device to the changes its observers heard.
  std::optional<std::uint64_t> backend_rows_at_;                        ///< Backend writes.
  Rows backend_rows_;
  std::map<unsigned, Live> live_;                                       ///< By device.
  std::map<std::pair<const void*, std::string>, std::string> in_flight_;  ///< Sender and record to the mutation's id.
  std::map<std::pair<unsigned, std::string>, std::int64_t> last_sent_;  ///< Device and record to the entry's number.
  std::set<std::string> acknowledged_;                                  ///< Mutation ids.
  std::map<std::string, Mutation> sent_;                                ///< By mutation id.
  std::set<std::string> excused_;                                       ///< Mutation ids of `on_crash`.
  std::map<std::pair<unsigned, std::string>, int> refusals_;            ///< Device and model to reported refusals.
  std::set<std::pair<unsigned, std::string>> hydrated_;                 ///< Device and model that made a base sync.
  std::map<unsigned, std::set<std::string>> upgraded_;  ///< Device to the models that may lack new fields.
  std::map<unsigned, std::size_t> buried_;                              ///< Device to the dead letters it must have.
};

}  // namespace holdfast::simulation
