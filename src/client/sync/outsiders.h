// Outsiders: what pages told of records that this device does not keep, while frames may still come that are older.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "client/storage/storage.h"

namespace holdfast::sync {

/// Of a row that the device never had it stores no version. So a frame that was on its way while a page told of a newer
/// version, which the selection does not keep, would bring in a row that no later delta sync takes away. Frames come in
/// order and only from the connection's own subscriptions: this is needed as long as the connection lasts.
/// Two keys may pass for one: then a frame is left out that the next base sync makes up for. Not thread-safe; bound:
/// records_max, the oldest are forgotten first.
class Outsiders {
 public:
  static constexpr std::size_t records_max = 10'000;

  /// A page told of it, and the selection does not keep it.
  void note(const client::SyncedRecord& told);
  /// Whether it is no newer than what was noted of its key.
  [[nodiscard]] bool outran(const client::SyncedRecord& frame) const;
  void clear() noexcept;

 private:
  std::unordered_map<std::uint64_t, std::int64_t> versions_;  ///< By a hash of model and key.
  std::deque<std::uint64_t> order_;                           ///< As they came.
};

}  // namespace holdfast::sync
