// Progress: how far one model is synced, as a setting of the storage keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "holdfast/predicate.h"
#include "holdfast/time.h"

namespace holdfast::sync {

/// A regular value.
struct Progress {
  /// A base sync that was interrupted: behind the last page that was applied.
  struct Resume {
    std::string token;
    std::int64_t started_at = 0;   ///< The service's time at the first page.
    Instant full_at{};             ///< The device's time at the first page.
    std::int64_t records = 0;
  };
  /// The last sync that came to its end.
  struct Done {
    std::int64_t started_at = 0;   ///< The service's time at its first page.
    Instant full_at{};             ///< The device's time at the first page of the last base sync.
  };
  bool is_known = false;               ///< The model was synced before, or a sync of it began.
  std::optional<Done> done = {};
  std::optional<Resume> resume = {};
  /// The rows lack what the service could tell of them although they have its versions; or it may not have told of some.
  bool is_incomplete = false;
  bool is_suspect = false;             ///< Checksums differ: the next base sync also removes what the service does not tell of.
  Predicate where = {};                ///< The rows that were asked for.
};

/// Null is a model that was never synced; what cannot be read is one that has to begin anew.
Progress read_progress(const std::optional<std::string>& text);
std::string write(const Progress& progress);

}  // namespace holdfast::sync
