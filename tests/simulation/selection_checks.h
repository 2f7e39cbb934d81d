// SelectionChecks: what holds of devices that keep a part of a model, by their sync expressions
// (docs/guide/syncing.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulation/expressions.h"
#include "tests/simulation/rows.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {

/// What of each model each device keeps, and what follows from it. Of a device without expressions: nothing. An
/// expression is in force from the moment at which the last answer of its round was given, and settled when the model
/// has been synced under it: then the device shows no row that it rejects, but for those with unsent edits.
class SelectionChecks {
 public:
  explicit SelectionChecks(World& world) : world_(world) {}

  /// These are in force from now on, in the order of the schema's models.
  void on_selected(const SimDevice& sim, const std::vector<Expression>& expressions);
  void on_synced(const SimDevice& sim, const ModelSynced& synced);
  /// The device may have gone back to rows of an earlier expression.
  void on_power_cut(const SimDevice& sim);
  /// It has no rows any more.
  void forget(const SimDevice& sim);
  /// Leaving::at_base_sync: nothing is delivered that the expression rejects, as far as filters can say it.
  void on_said(const Said& said);

  /// Whether the device keeps such a row when it is up to date.
  [[nodiscard]] bool keeps(const SimDevice& sim, const Record& row) const;
  /// Whether a row without unsent edits must not be shown.
  [[nodiscard]] bool is_forbidden(const SimDevice& sim, const Record& row) const;
  /// Whether a row that the device knows at this version, without unsent edits, may be out of sight.
  [[nodiscard]] bool may_hide(const SimDevice& sim, const Record& row, std::int64_t version) const;
  /// Whether a row that is shown may have left the expression at the service without the device's having been told, as
  /// Leaving::at_base_sync allows until the next one.
  [[nodiscard]] bool may_have_missed(const SimDevice& sim, const Record& row) const;
  /// Whether the backend still has the row.
  [[nodiscard]] bool has_left_only(const Record& row) const;
  /// Every model has been synced under its expression.
  [[nodiscard]] bool is_settled(const SimDevice& sim) const;
  /// Grows with whatever changes the answers above.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

 private:
  struct Kept {
    Expression now = {};
    std::vector<Predicate> ever = {};  ///< Those that were in force since the device was empty, this one included.
    bool is_settled = false;
    std::uint64_t asked_before = 0;          ///< Requests and sockets up to this one are of earlier expressions.
  };
  [[nodiscard]] const Kept* kept(const SimDevice& sim, const std::string& model) const;
  /// Whether a later version than this one is in none of the expressions.
  [[nodiscard]] bool has_left(const std::vector<Predicate>& expressions, const Record& row, std::int64_t version,
                              bool counts_deletions) const;
  void check_told(unsigned device, const ModelSchema& model, const Kept& kept, const Value& item);

  World& world_;
  std::map<std::pair<unsigned, std::string>, Kept> kept_;   ///< By device and model.
  std::uint64_t changes_ = 0;
};

}  // namespace holdfast::simulation
