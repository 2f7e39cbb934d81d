// Kept worlds: those that failed once, as small as they were found. Lines of a file:
//
//   59804 --without partitions --operations 80   # what failed, and what was mended
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/result.h"
#include "tests/simulation/shrink.h"

namespace holdfast::simulation {

struct KeptWorld {
  std::uint64_t seed = 0;
  Shrunk smaller = {};
};

/// Empty lines and what follows a # are left out. Code: malformed, naming the line and the remedy.
Result<std::vector<KeptWorld>> read_kept(std::string_view text, const std::string& path);
/// A file. Codes also: not_found.
Result<std::vector<KeptWorld>> kept_in(const std::string& path);
/// Adds a world that has just failed. Code: storage_failed.
Result<void> keep_in(const std::string& path, const KeptWorld& world, const std::string& failure);

}  // namespace holdfast::simulation
