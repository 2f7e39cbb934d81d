// Random: the only source of randomness. A port: the system's generator and the simulation's implement it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace holdfast {

/// Thread-safe for the system's generator; the simulation's is used from one thread.
class Random {
 public:
  virtual ~Random() = default;
  [[nodiscard]] virtual std::uint64_t bits() = 0;  ///< 64 uniform bits.
};

/// Cryptographically strong, from the kernel. Never fails: without entropy the program stops.
std::unique_ptr<Random> system_random();

/// Uniform in [0, bound); bound > 0.
std::uint64_t below(Random& random, std::uint64_t bound);
/// A version 4 UUID in lower case, 36 characters.
std::string uuid(Random& random);

}  // namespace holdfast
