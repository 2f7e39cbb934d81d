// SimRandom: the seed made flesh (SplitMix64).
#pragma once

#include <cstdint>

#include "base/random.h"

namespace holdfast::simulation {

class SimRandom final : public Random {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t bits() override {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  [[nodiscard]] bool happens(unsigned permille) { return below(*this, 1000) < permille; }
  /// Uniform in [low, high].
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(*this, static_cast<std::uint64_t>(high - low + 1)));
  }

 private:
  std::uint64_t state_;
};

}  // namespace holdfast::simulation
