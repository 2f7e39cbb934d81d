#include "server/store/memory/memory_journal.h"

#include <utility>

namespace holdfast::server {

void MemoryJournal::add(JournalEntry entry, std::int64_t rows_max) {
  const std::lock_guard lock(mutex_);
  entry.number = ++last_number_;
  entries_.push_back(std::move(entry));
  while (std::ssize(entries_) > rows_max) entries_.pop_front();
}

std::vector<JournalEntry> MemoryJournal::read(const JournalQuery& query) const {
  const std::lock_guard lock(mutex_);
  std::vector<JournalEntry> found;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < query.limit; ++entry) {
    const bool is_of_model = query.model.empty() || entry->model == query.model;
    if (is_of_model && (query.key.empty() || entry->key == query.key)) found.push_back(*entry);
  }
  return found;
}

}  // namespace holdfast::server
