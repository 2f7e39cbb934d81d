// Workload: what the applications on the devices do, and what they may expect to find at the end.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/checkers.h"

namespace holdfast::simulation {

/// Random writes on shared records; besides, each device has a post of its own that only it edits, so that what it did
/// last must stand at the end, and a field of its own of a post that all edit.
class Workload {
 public:
  explicit Workload(World& world) : world_(world) {}

  /// Before the first start: the backend has the post that all edit.
  void found();
  /// Spreads the operations over the time of chaos.
  void plan();
  /// Every created record that nobody deleted is there; every own post has a title that its device saved last.
  void check_end(const Rows& backend);

 private:
  void operate(SimDevice& sim);
  void edit_own(SimDevice& sim);
  void remove_own(SimDevice& sim, const Record& own);
  void edit_team(SimDevice& sim);
  void check_own(const Rows& backend) const;
  void check_team(const Rows& backend) const;
  void create(SimDevice& sim);
  void edit_shared(SimDevice& sim);
  void remove_shared(SimDevice& sim);
  void save_conditionally(SimDevice& sim);
  /// False when the process died during the call: whether it was written is not known.
  [[nodiscard]] bool is_up(const SimDevice& sim) const { return sim.device && !sim.disk->has_crashed(); }
  [[nodiscard]] std::vector<Record> rows(SimDevice& sim, const ModelSchema& model);

  World& world_;
  int count_ = 0;
  std::set<std::string> created_;                             ///< By row name; the save returned.
  std::set<std::string> removed_;                             ///< Somebody tried to remove it.
  std::map<std::string, std::set<std::string>> own_titles_;   ///< Own post's id to the titles it may end with; "": none.
  std::map<unsigned, std::vector<Value>> team_values_;        ///< Device to the values its field may end with.
};

}  // namespace holdfast::simulation
