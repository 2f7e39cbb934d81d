// Waits: when what was refused for the time being may be tried again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "client/sync/backoff.h"
#include "client/sync/ports.h"
#include "protocol/replies.h"

namespace holdfast::sync {

/// A reply that says nothing of the one entry (no network, throttling, refused credentials) makes all wait; any other the
/// one entry only, so that it blocks nobody else. Delays grow from failure to failure; what the service asks for by
/// Retry-After is the least. Passive and not thread-safe.
class Waits {
 public:
  /// Entries that failed, with none taken between, after which the service as a whole is left alone for a while.
  static constexpr std::size_t failures_max = 4;

  explicit Waits(const Ports& ports);

  /// Nothing waits any more.
  void clear();
  /// After a reply that asks for another try. Whether it is news: of requests under way together, which fail together, the
  /// first is.
  bool add(Time now, std::int64_t entry, const protocol::ReplyError& error);
  /// The service has answered the entry itself: it works.
  void settle(std::int64_t entry);

  /// Ends the waits that are over. Whether there were any.
  bool end_until(Tick now);
  [[nodiscard]] bool holds_all() const noexcept { return all_until_.has_value(); }
  [[nodiscard]] bool holds(std::int64_t entry) const;
  /// Entries that were refused and not settled since.
  [[nodiscard]] std::size_t size() const noexcept { return waits_.size(); }
  /// When the next wait is over; after end_until() it is ahead.
  [[nodiscard]] std::optional<Tick> next_end() const;

 private:
  struct Wait {
    Backoff backoff;
    std::optional<Tick> until = {};
  };

  bool hold_all(Tick now, Milliseconds at_least, bool is_refused);
  void hold(Tick now, std::int64_t entry, Milliseconds at_least, bool is_refused);

  const Ports ports_;
  Backoff backoff_;
  std::optional<Tick> all_until_;
  std::set<std::int64_t> failing_;      ///< Entries that met a transient failure of their own since one was taken.
  std::map<std::int64_t, Wait> waits_;  ///< By entry.
};

}  // namespace holdfast::sync
