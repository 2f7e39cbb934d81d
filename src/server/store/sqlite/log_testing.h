// What is wrong with the log of a backend's database, as far as its tables alone tell it. For tests.
#pragma once

#include <array>
#include <string>

#include "sqlite/connection.h"

namespace holdfast::server {

/// Invariant 2 of docs/formats/backend.md, and SQLite's own check. Empty when all is well.
inline std::string damage_of_log(sqlite::Connection& connection) {
  struct Check {
    const char* finding;
    const char* sql;  ///< Counts what should not be.
  };
  constexpr std::array checks{
      Check{"records that are not as the log has them last",
            "SELECT count(*) FROM records r WHERE NOT EXISTS (SELECT 1 FROM changes c WHERE c.sequence = r.sequence AND "
            "c.model = r.model AND c.key = r.key AND c.version = r.version AND c.last_changed_at = r.last_changed_at AND "
            "c.is_deleted = r.is_deleted AND c.image = r.image)"},
      Check{"rows of no record, or newer than it",
            "SELECT count(*) FROM changes c WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.model = c.model AND "
            "r.key = c.key AND r.version >= c.version)"},
      Check{"runs of versions with a gap",
            "SELECT count(*) FROM (SELECT 1 FROM changes GROUP BY model, key HAVING "
            "count(*) != max(version) - min(version) + 1)"},
      Check{"links to another row than that of the version before",
            "SELECT count(*) FROM changes c LEFT JOIN changes p ON p.sequence = c.previous WHERE "
            "p.sequence IS NOT (SELECT b.sequence FROM changes b WHERE b.model = c.model AND b.key = c.key AND "
            "b.version = c.version - 1)"},
      Check{"links forwards", "SELECT count(*) FROM changes WHERE previous < 0 OR previous >= sequence"},
  };
  std::string damage;
  for (const auto& check : checks) {
    const auto count = connection.integer_of(check.sql).value();
    if (count != 0) damage += std::to_string(count) + " " + check.finding + "; ";
  }
  const auto verdict = connection.text_of("PRAGMA integrity_check").value();
  return verdict == "ok" ? damage : damage + verdict.value_or("it cannot be checked");
}

}  // namespace holdfast::server
