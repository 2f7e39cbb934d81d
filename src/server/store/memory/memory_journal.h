// The conflict journal of a store in memory.
#pragma once

#include <deque>
#include <mutex>

#include "server/store/journal.h"

namespace holdfast::server {

/// Thread-safe.
class MemoryJournal {
 public:
  void add(JournalEntry entry, std::int64_t rows_max);
  [[nodiscard]] std::vector<JournalEntry> read(const JournalQuery& query) const;

 private:
  mutable std::mutex mutex_;  // Guards all below.
  std::deque<JournalEntry> entries_;
  std::int64_t last_number_ = 0;
};

}  // namespace holdfast::server
