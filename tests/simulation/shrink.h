// Shrinking: the smallest options with which a seed still fails.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/world.h"

namespace holdfast::simulation {

/// What the command line can take away from a world.
struct Reduction {
  std::string_view name;
  void (*apply)(WorldOptions&);
};
const std::vector<Reduction>& reductions();

/// A world smaller than its seed draws it.
struct Shrunk {
  std::vector<std::string> without = {};  ///< Names of reductions.
  unsigned operations = 0;                ///< 0: as drawn.

  void apply(WorldOptions& options) const;
  /// As options of the program.
  [[nodiscard]] std::string arguments() const;
};

/// Switches one thing off after the other, and halves the operations, while `fails`.
Shrunk shrink(const WorldOptions& failing, const std::function<bool(const WorldOptions&)>& fails);

}  // namespace holdfast::simulation
