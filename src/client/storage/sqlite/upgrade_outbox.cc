#include "client/storage/sqlite/upgrade_outbox.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "client/storage/sqlite/held_schema.h"
#include "client/storage/sqlite/outbox_table.h"
#include "client/storage/sqlite/row_reader.h"
#include "model/scalars.h"

namespace holdfast::client {
namespace {

constexpr std::size_t entries_at_once = 256;

bool names_field(const Predicate& predicate, const std::string& field) {
  if (predicate.kind == Predicate::Kind::compare && predicate.field == field) return true;
  return std::any_of(predicate.children.begin(), predicate.children.end(),
                     [&](const Predicate& child) { return names_field(child, field); });
}

/// The change that makes the condition unreadable: of the fields it names, the one that is gone or of another type.
SchemaLoss& loss_of(const Predicate& condition, const ModelChange& change) {
  for (const auto& gone : change.gone) {
    if (names_field(condition, change.was.model->fields[gone.field].name)) return *gone.loss;
  }
  for (std::size_t at = 0; at < change.steps.size(); ++at) {
    const auto* loss = change.steps[at].loss;
    if (loss->was != loss->is && names_field(condition, change.is->model->fields[at].name)) {
      return *change.steps[at].loss;
    }
  }
  return *change.steps.front().loss;
}

class Carrier {
 public:
  Carrier(Upgrade& upgrade, const std::vector<ModelChange>& changes, EntryTable table)
      : upgrade_(upgrade), changes_(changes), table_(table) {}

  Result<void> carry(const OutboxEntry& entry);

 private:
  Result<void> carry(const OutboxEntry& entry, const ModelChange& change);
  Patch carried_changes(const OutboxEntry& entry, const ModelChange& change);
  Result<SchemaLoss*> complete(const ModelChange& change, OutboxEntry& entry);
  Result<void> drop(const OutboxEntry& entry, SchemaLoss& loss);
  void note(SchemaLoss& loss);

  Upgrade& upgrade_;
  const std::vector<ModelChange>& changes_;
  const EntryTable table_;
  std::set<SchemaLoss*> noted_;                  // Of the present entry, which counts once for each.
  std::map<std::string, SchemaLoss*> uncreated_;  // Model and key of records whose creation is lost, and by what.
};

Result<void> Carrier::carry(const OutboxEntry& entry) {
  noted_.clear();
  const auto change = std::find_if(changes_.begin(), changes_.end(),
                                   [&](const ModelChange& one) { return one.was.model->name == entry.model->name; });
  return change != changes_.end() && change->is_rebuilt ? carry(entry, *change) : Result<void>();
}

Result<void> Carrier::carry(const OutboxEntry& entry, const ModelChange& change) {
  const auto uncreated = uncreated_.find(entry.model->name + entry.key.text());
  if (uncreated != uncreated_.end()) return drop(entry, *uncreated->second);
  OutboxEntry made{.id = entry.id, .model = change.is->model, .key = entry.key, .operation = entry.operation,
                   .changes = carried_changes(entry, change), .condition = entry.condition, .was_sent = entry.was_sent};
  if (!check(made.condition, *made.model, upgrade_.schemas.is)) return drop(entry, loss_of(made.condition, change));
  const bool is_hollow = made.operation == Operation::update && made.changes.empty() && !entry.changes.empty();
  if (is_hollow) return drop_entry(upgrade_.connection, entry.id, table_);
  if (made.operation == Operation::create) {
    HOLDFAST_TRY(lacking, complete(change, made));
    if (lacking) return drop(entry, *lacking);
  }
  return rewrite_entry(upgrade_.connection, made, table_);
}

Patch Carrier::carried_changes(const OutboxEntry& entry, const ModelChange& change) {
  Patch out;
  for (const auto& one : entry.changes) {
    const auto& was = change.was.model->fields[one.field];
    const auto at = change.is->model->field_index(was.name);
    if (!at) {
      note(upgrade_.losses.of(entry.model->name, was.name, type_text(was), {}));
      continue;
    }
    auto value = one.value;
    const auto fate = convert(upgrade_.schemas, was, change.is->model->fields[*at], value);
    if (fate != Fate::kept) note(*change.steps[*at].loss);
    if (fate != Fate::lost) out = combined(std::move(out), {{*at, std::move(value)}});
  }
  return out;
}

/// Gives a creation what its row has of new fields and of required ones. The loss because of which it cannot be sent,
/// or null.
Result<SchemaLoss*> Carrier::complete(const ModelChange& change, OutboxEntry& entry) {
  const auto& model = *change.is->model;
  HOLDFAST_TRY(stored, read_row(upgrade_.connection, *change.is, entry.key));
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    const auto& field = model.fields[at];
    const bool has = std::any_of(entry.changes.begin(), entry.changes.end(),
                                 [at](const FieldChange& one) { return one.field == at; });
    const bool is_asked = !change.steps[at].from || needs_value(field);
    if (has || !is_asked || model.is_key(field.name) || field.is_read_only) continue;
    auto value = stored ? stored->record->values[at] : Value();
    if (!value.is_null()) {
      entry.changes = combined(std::move(entry.changes), {{at, std::move(value)}});
    } else if (needs_value(field)) {
      return change.steps[at].loss;
    }
  }
  return nullptr;
}

Result<void> Carrier::drop(const OutboxEntry& entry, SchemaLoss& loss) {
  note(loss);
  if (entry.operation == Operation::create) uncreated_.emplace(entry.model->name + entry.key.text(), &loss);
  return drop_entry(upgrade_.connection, entry.id, table_);
}

void Carrier::note(SchemaLoss& loss) {
  if (noted_.insert(&loss).second) ++loss.unsent;
}

const std::string tombstones = "holdfast_tombstones";

bool has_other_keys(const Upgrade& upgrade, const ModelChange& change) {
  const auto& was = *change.was.model;
  const auto& is = *change.is->model;
  return std::any_of(is.primary_key.begin(), is.primary_key.end(), [&](const std::string& part) {
    return fit(upgrade.schemas, *was.field(part), *is.field(part)) != Fit::same;
  });
}

/// Each distinct key in `table` of the model, and what it becomes.
Result<void> carry_keys_of(Upgrade& upgrade, const ModelChange& change, const std::string& table) {
  const auto& model = change.was.model->name;
  HOLDFAST_TRY(texts, texts_of(upgrade.connection, "SELECT DISTINCT key FROM " + table + " WHERE model = ?", model));
  for (const auto& text : texts) {
    HOLDFAST_TRY(key, Key::from_text(text));
    const auto next = carried(upgrade.schemas, change, key);
    const auto next_text = next ? next->text() : std::string();
    const auto what = next ? "UPDATE " + table + " SET key = ?3" : "DELETE FROM " + table;
    HOLDFAST_TRY(statement, upgrade.connection.cached(what + " WHERE model = ?1 AND key = ?2"));
    statement->bind(1, std::string_view(model));
    statement->bind(2, std::string_view(text));
    if (next) statement->bind(3, std::string_view(next_text));
    if (auto done = statement->run(); !done) return done;
    if (next || table == tombstones) continue;
    change.steps[change.is->key_fields.front()].loss->unsent += static_cast<std::size_t>(upgrade.connection.changes());
  }
  return {};
}

Result<void> carry_table(Upgrade& upgrade, const std::vector<ModelChange>& changes, EntryTable table) {
  Carrier carrier(upgrade, changes, table);
  for (std::int64_t after = 0;;) {
    HOLDFAST_TRY(entries, read_entries(upgrade.connection, upgrade.schemas.was, after, entries_at_once, table));
    if (entries.empty()) return {};
    after = entries.back().id;
    for (const auto& entry : entries) {
      if (auto done = carrier.carry(entry); !done) return done;
    }
  }
}

}  // namespace

Result<void> carry_keys(Upgrade& upgrade, const ModelChange& change) {
  if (!has_other_keys(upgrade, change)) return {};
  for (const auto& table :
       {tombstones, std::string(name(EntryTable::outbox)), std::string(name(EntryTable::dead_letters))}) {
    if (auto done = carry_keys_of(upgrade, change, table); !done) return done;
  }
  return {};
}

Result<void> carry_outbox(Upgrade& upgrade, const std::vector<ModelChange>& changes) {
  if (auto done = carry_table(upgrade, changes, EntryTable::outbox); !done) return done;
  return carry_table(upgrade, changes, EntryTable::dead_letters);
}

}  // namespace holdfast::client
