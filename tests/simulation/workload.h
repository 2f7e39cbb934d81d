// Workload: what the applications on the devices do, and what they may expect to find at the end.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/checkers.h"

namespace holdfast::simulation {

/// Random writes on shared records; besides, each device has a post of its own that only it edits, so that its last
/// saved title must stand at the end.
class Workload {
 public:
  explicit Workload(World& world) : world_(world) {}

  /// Spreads the operations over the time of chaos.
  void plan();
  /// Every created record that nobody deleted is there; every own post has a title that its device saved last.
  void check_end(const Rows& backend);

 private:
  void operate(SimDevice& sim);
  void edit_own(SimDevice& sim);
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
  std::map<std::string, std::set<std::string>> own_titles_;   ///< Own post's id to the titles it may end with.
};

}  // namespace holdfast::simulation
