#include "server/resolve/journal_conflict.h"

#include <utility>

#include "server/resolve/conflict_rules.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

std::string_view word_of(Settlement::Outcome outcome) {
  switch (outcome) {
    case Settlement::Outcome::merged: return "merged";
    case Settlement::Outcome::resolved: return "resolved";
    case Settlement::Outcome::removed: return "removed";
    case Settlement::Outcome::refused: return "refused";
    default: return "failed";
  }
}

bool is_journaled(const ServerOptions& options, const ModelSchema& model) {
  return options.journal_rows_max > 0 && !options.unjournaled_models.contains(model.name);
}

JournalEntry entry_of(const Asked& asked, const Writing& writing, const Settlement& settlement, const Image* written) {
  JournalEntry entry;
  entry.at = asked.backend.clock.wall();
  entry.model = writing.model->name;
  entry.key = writing.key.text();
  entry.operation = asked.route.kind == Route::Kind::remove ? "delete" : "update";
  entry.strategy = name(settlement.rule.strategy);
  entry.function = settlement.rule.function;
  entry.outcome = word_of(settlement.outcome);
  entry.message = settlement.reason;
  entry.caller = name(asked.caller.mode);
  entry.client_version = writing.version;
  entry.stored_version = settlement.stored.metadata.version;
  entry.incoming = writing.input;
  entry.stored = item_of(settlement.stored);
  if (settlement.base) entry.base = item_of(*settlement.base);
  if (written != nullptr) {
    entry.result_version = written->metadata.version;
    entry.result = item_of(*written);
  }
  return entry;
}

}  // namespace

void journal_conflict(const Asked& asked, const Writing& writing, const Settlement& settlement, const Image* written) {
  const auto& backend = asked.backend;
  if (backend.metrics != nullptr) backend.metrics->conflicts.add();
  if (!is_journaled(backend.options, *writing.model)) return;
  const auto kept =
      backend.store.journal(entry_of(asked, writing, settlement, written), backend.options.journal_rows_max);
  if (kept) return;
  backend.log.write(LogLevel::warning, "server", "journal_failed",
                    {{"model", writing.model->name}, {"code", std::string(name(kept.error().code))}});
}

}  // namespace holdfast::server
