// Composition: what the applications of a world do, read from a file of tests/simulation/workloads.
//
//   {"about": "…", "share": 3,
//    "world": {"operations": [100, 300], "conflict": "optimistic"},
//    "workloads": [{"kind": "registers", "weight": 2}, {"kind": "hydrate", "rows": [200, 400]}]}
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::simulation {

class SimRandom;
struct WorldOptions;

/// From the lowest to the highest, of which a seed draws one.
using Range = std::pair<std::int64_t, std::int64_t>;

/// One workload of a composition: see workload_kinds() for what there is.
struct WorkloadSpec {
  std::string kind;
  std::int64_t weight = 1;                      ///< Its share of the operations.
  std::map<std::string, Range> settings = {};   ///< By the names that the kind has.

  /// A setting as drawn; the kind's default when the file does not say.
  [[nodiscard]] std::int64_t drawn(SimRandom& random, std::string_view name) const;
};

struct Composition {
  std::string name = {};                      ///< The file's, without folder and ending.
  std::int64_t share = 1;                     ///< How many seeds run it, against the others' share.
  std::map<std::string, Range> world = {};    ///< Options that it draws itself: see world_settings.
  std::string conflict = {};                  ///< "automerge" or "optimistic"; empty: as the seed draws it.
  std::vector<WorkloadSpec> workloads = {};

  /// Draws what it says of the world.
  void apply(WorldOptions& options, SimRandom& random) const;
};

/// Code: malformed, naming the file, the place in it and the remedy.
Result<Composition> read_composition(std::string_view text, const std::string& path);
/// A file. Codes also: not_found.
Result<Composition> composition_of(const std::string& path);
/// Every file of the folder, by name. At least one, or not_found.
Result<std::vector<Composition>> compositions_of(const std::string& folder);
/// Which of them a seed runs: shared out in turn, so that each has its share of any run of seeds.
const Composition& composition_for(const std::vector<Composition>& all, std::uint64_t seed);

}  // namespace holdfast::simulation
