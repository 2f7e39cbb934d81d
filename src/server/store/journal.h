// ConflictJournal: what became of conflicts, kept so that somebody can look. No part of the records:
// nothing reads it back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/time.h"
#include "holdfast/value.h"

namespace holdfast::server {

/// One mutation that met another version than it was made on. Records are objects without null members.
struct JournalEntry {
  std::int64_t number = 0;           ///< Given by the journal: greater is later, never used twice.
  Instant at{};
  std::string model = {};
  std::string key = {};              ///< A Key's text.
  std::string operation = {};        ///< "update" or "delete".
  std::string strategy = {};         ///< "automerge", "optimistic" or "custom".
  std::string function = {};         ///< custom: who was asked.
  std::string outcome = {};  ///< "merged", "resolved" and "removed" were written; "refused" and "failed" were not.
  std::string message = {};          ///< failed: why.
  std::string caller = {};           ///< The way in that the caller took: "apiKey".
  std::int64_t client_version = 0;   ///< What the mutation was made on; 0 when it did not say.
  std::int64_t stored_version = 0;   ///< What it met.
  std::int64_t result_version = 0;   ///< What it wrote; 0: nothing.
  Value base = {};                   ///< The fields at client_version; null when the change log does not have them.
  Value incoming = {};               ///< The mutation's input.
  Value stored = {};                 ///< The record that it met, with its metadata.
  Value result = {};                 ///< The record that it wrote, with its metadata; null: nothing.
  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// Which entries to read. Newest first.
struct JournalQuery {
  std::string model = {};      ///< Empty: every one.
  std::string key = {};        ///< A Key's text; empty: every one.
  std::uint32_t limit = 100;
};

/// A part of Store. A store that keeps no journal answers as if nothing had ever happened. Thread-safe.
class ConflictJournal {
 public:
  virtual ~ConflictJournal() = default;
  /// Adds the entry, its number aside, and drops the oldest beyond `rows_max`. May be lost when the machine fails.
  virtual Result<void> journal(const JournalEntry& /*entry*/, std::int64_t /*rows_max*/) { return {}; }
  virtual Result<std::vector<JournalEntry>> conflicts(const JournalQuery& /*query*/) {
    return std::vector<JournalEntry>();
  }
};

}  // namespace holdfast::server
