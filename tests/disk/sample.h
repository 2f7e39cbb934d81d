// Which calls of a workload a test lets fail.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace holdfast::disk {

/// HOLDFAST_SEED, or 0.
inline std::uint64_t seed() {
  const char* text = std::getenv("HOLDFAST_SEED");
  return text ? std::stoull(text) : 0;
}

/// Some `count` of the calls 1 to `all`, evenly spread, beginning where the seed says; with HOLDFAST_EVERY_CALL, all.
inline std::vector<std::uint64_t> sampled_calls(std::uint64_t all, std::uint64_t count) {
  const std::uint64_t stride = std::getenv("HOLDFAST_EVERY_CALL") || all < count ? 1 : all / count;
  std::vector<std::uint64_t> calls;
  for (auto call = 1 + seed() % stride; call <= all; call += stride) calls.push_back(call);
  return calls;
}

}  // namespace holdfast::disk
