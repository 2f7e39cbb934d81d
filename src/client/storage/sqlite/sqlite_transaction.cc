#include "client/storage/sqlite/sqlite_transaction.h"

#include "client/storage/sqlite/outbox_table.h"
#include "client/storage/sqlite/row_reader.h"
#include "client/storage/sqlite/tombstone_table.h"
#include "client/storage/stored_form.h"

namespace holdfast::client {

/// `write`, with what it does to the row of the key told to other processes when there are any.
template <class KeyOf, class Write>
auto SqliteTransaction::journaled(std::size_t model, const KeyOf& key_of, const Write& write) -> decltype(write()) {
  if (!writer_.journal) return write();
  const Key key = key_of();
  HOLDFAST_TRY(before, row_of(model, key));
  auto done = write();
  if (!done) return done;
  HOLDFAST_TRY(after, row_of(model, key));
  HOLDFAST_TRY(told, writer_.journal->note(connection_, before, after));
  return done;
}

Result<std::optional<Record>> SqliteTransaction::row_of(std::size_t model, const Key& key) {
  return read_row(connection_, tables_[model], key).transform([](std::optional<Stored>&& stored) {
    return stored ? std::move(stored->record) : std::nullopt;
  });
}

// --- rows ----------------------------------------------------------------------------------------------------

Result<Stored> SqliteTransaction::find(const ModelSchema& model, const Key& key) {
  return noted(find_stored(index(model), key));
}

Result<void> SqliteTransaction::query(const ModelSchema& model, const Query& query,
                                      const std::function<void(Record&)>& sink) {
  return noted(read_rows(connection_, tables_[index(model)], query, sink));
}

Result<std::size_t> SqliteTransaction::count(const ModelSchema& model, const Predicate& where) {
  return noted(count_rows(connection_, tables_[index(model)], where));
}

Result<bool> SqliteTransaction::insert(const Record& record) {
  const auto model = index(*record.model);
  return noted(journaled(model, [&] { return record.key(); }, [&] { return insert_row(model, record); }));
}

Result<void> SqliteTransaction::put(const Record& record, const Metadata& metadata) {
  const auto model = index(*record.model);
  return noted(journaled(model, [&] { return record.key(); }, [&] {
    auto done = write_row(tables_[model].put, model, record, metadata);
    return done ? forget_tombstone_of(model, record) : done;
  }));
}

Result<Put> SqliteTransaction::put_newer(const SyncedRecord& synced) {
  const auto model = index(*synced.record.model);
  return noted(journaled(model, [&] { return synced.record.key(); }, [&] {
    return synced.metadata.is_deleted ? put_tombstone(model, synced) : put_newer_row(model, synced);
  }));
}

Result<void> SqliteTransaction::erase(const ModelSchema& model, const Key& key, const Metadata& metadata) {
  const auto at = index(model);
  return noted(journaled(at, [&] { return key; }, [&] { return erase_row(at, key, metadata); }));
}

std::size_t SqliteTransaction::index(const ModelSchema& model) const { return index_of(schema_, model); }

Result<Stored> SqliteTransaction::find_stored(std::size_t model, const Key& key) {
  HOLDFAST_TRY(row, read_row(connection_, tables_[model], key));
  if (row) return std::move(*row);
  HOLDFAST_TRY(may_be_known, has_tombstones(model));
  if (!may_be_known) return Stored{};
  HOLDFAST_TRY(metadata, read_tombstone(connection_, *tables_[model].model, key));
  return Stored{.record = {}, .metadata = metadata};
}

Result<void> SqliteTransaction::write_row(const std::string& sql, std::size_t model, const Record& record,
                                          const Metadata& metadata) {
  texts_.clear();
  texts_.reserve(record.values.size());
  HOLDFAST_TRY(statement, connection_.cached(sql));
  bind_fields(*statement, record, tables_[model], texts_);
  const auto fields = static_cast<int>(record.values.size());
  statement->bind(fields + 1, metadata.version);
  statement->bind(fields + 2, epoch_ms(metadata.last_changed_at));
  return statement->run();
}

Result<bool> SqliteTransaction::insert_row(std::size_t model, const Record& record) {
  HOLDFAST_TRY(may_be_known, has_tombstones(model));
  if (may_be_known) {
    HOLDFAST_TRY(known, read_tombstone(connection_, *tables_[model].model, record.key()));
    if (known.version > 0) return false;
  }
  HOLDFAST_TRY(written, write_row(tables_[model].insert, model, record, {}));
  return connection_.changes() == 1;
}

Result<Put> SqliteTransaction::put_newer_row(std::size_t model, const SyncedRecord& synced) {
  HOLDFAST_TRY(may_be_known, has_tombstones(model));
  if (may_be_known) {
    HOLDFAST_TRY(known, read_tombstone(connection_, *tables_[model].model, synced.record.key()));
    if (known.version > 0 && known.version >= synced.metadata.version) return Put::stale;
  }
  // An insertion sets the last rowid, an update does not: one statement tells all three apart.
  connection_.set_last_insert_rowid(0);
  auto written = write_row(tables_[model].put_newer, model, synced.record, synced.metadata);
  if (!written) return std::move(written).error();
  if (connection_.changes() == 0) return Put::stale;
  if (connection_.last_insert_rowid() == 0) return Put::updated;
  auto forgotten = forget_tombstone_of(model, synced.record);
  return forgotten ? Result<Put>(Put::inserted) : std::move(forgotten).error();
}

Result<Put> SqliteTransaction::put_tombstone(std::size_t model, const SyncedRecord& synced) {
  const auto key = synced.record.key();
  HOLDFAST_TRY(known, find_stored(model, key));
  const bool is_known = known.record || known.metadata.version > 0;
  if (is_known && known.metadata.version >= synced.metadata.version) return Put::stale;
  auto erased = erase_row(model, key, synced.metadata);
  if (!erased) return std::move(erased).error();
  return known.record ? Put::updated : Put::inserted;
}

Result<void> SqliteTransaction::erase_row(std::size_t model, const Key& key, const Metadata& metadata) {
  HOLDFAST_TRY(statement, connection_.cached(tables_[model].erase));
  bind_key(*statement, key, tables_[model]);
  if (auto erased = statement->run(); !erased) return erased;
  return metadata.version == 0 ? forget_tombstone(model, key) : keep_tombstone(model, key, metadata);
}

// --- tombstones ----------------------------------------------------------------------------------------------

Result<bool> SqliteTransaction::has_tombstones(std::size_t model) {
  auto& known = writer_.tombstones[model];
  if (known == Tombstones::unknown) {
    HOLDFAST_TRY(statement, connection_.cached("SELECT 1 FROM holdfast_tombstones WHERE model = ? LIMIT 1"));
    statement->bind(1, std::string_view(tables_[model].model->name));
    HOLDFAST_TRY(has_row, statement->step());
    known = has_row ? Tombstones::some : Tombstones::none;
  }
  return known == Tombstones::some;
}

Result<void> SqliteTransaction::keep_tombstone(std::size_t model, const Key& key, const Metadata& metadata) {
  writer_.tombstones[model] = Tombstones::some;
  return write_tombstone(connection_, *tables_[model].model, key, metadata);
}

Result<void> SqliteTransaction::forget_tombstone(std::size_t model, const Key& key) {
  HOLDFAST_TRY(may_be_known, has_tombstones(model));
  if (!may_be_known) return {};
  const auto text = key.text();
  HOLDFAST_TRY(statement, connection_.cached("DELETE FROM holdfast_tombstones WHERE model = ? AND key = ?"));
  statement->bind(1, std::string_view(tables_[model].model->name));
  statement->bind(2, std::string_view(text));
  return statement->run();
}

Result<void> SqliteTransaction::forget_tombstone_of(std::size_t model, const Record& record) {
  HOLDFAST_TRY(may_be_known, has_tombstones(model));
  return may_be_known ? forget_tombstone(model, record.key()) : Result<void>();
}

// --- outbox --------------------------------------------------------------------------------------------------

Result<std::int64_t> SqliteTransaction::append(const OutboxEntry& entry) {
  return noted(append_entry(connection_, entry));
}
Result<void> SqliteTransaction::rewrite(const OutboxEntry& entry) { return noted(rewrite_entry(connection_, entry)); }
Result<void> SqliteTransaction::drop(std::int64_t entry) { return noted(drop_entry(connection_, entry)); }

Result<void> SqliteTransaction::bury(std::int64_t entry, const Refusal& refusal) {
  return noted(bury_entry(connection_, entry, refusal));
}
Result<std::optional<DeadLetter>> SqliteTransaction::dead_letter(std::int64_t id) {
  HOLDFAST_TRY(found, noted(read_dead_letters(connection_, schema_, id - 1, 1)));
  return found.empty() || found.front().entry.id != id ? std::nullopt : std::optional(std::move(found.front()));
}
Result<void> SqliteTransaction::drop_dead_letter(std::int64_t id) {
  return noted(drop_entry(connection_, id, EntryTable::dead_letters));
}

Result<std::vector<OutboxEntry>> SqliteTransaction::entries_of(const ModelSchema& model, const Key& key) {
  return noted(read_entries_of(connection_, schema_, model, key));
}
Result<std::vector<OutboxEntry>> SqliteTransaction::entries(std::int64_t after, std::size_t limit) {
  return noted(read_entries(connection_, schema_, after, limit));
}

Result<std::size_t> SqliteTransaction::outbox_size() { return noted(count_entries(connection_)); }

// --- settings ------------------------------------------------------------------------------------------------

Result<std::optional<std::string>> SqliteTransaction::setting(std::string_view name) {
  return noted(read_setting(name));
}
Result<void> SqliteTransaction::set_setting(std::string_view name, std::string_view value) {
  return noted(write_setting("INSERT OR REPLACE INTO holdfast_settings (name, value) VALUES (?, ?)", name, value));
}
Result<void> SqliteTransaction::drop_setting(std::string_view name) {
  return noted(write_setting("DELETE FROM holdfast_settings WHERE name = ?", name, std::nullopt));
}

Result<std::optional<std::string>> SqliteTransaction::read_setting(std::string_view name) {
  HOLDFAST_TRY(statement, connection_.cached("SELECT value FROM holdfast_settings WHERE name = ?"));
  statement->bind(1, name);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? std::optional(std::string(statement->column_text(0))) : std::nullopt;
}

Result<void> SqliteTransaction::write_setting(std::string_view sql, std::string_view name,
                                              std::optional<std::string_view> value) {
  HOLDFAST_TRY(statement, connection_.cached(sql));
  statement->bind(1, name);
  if (value) statement->bind(2, *value);
  return statement->run();
}

}  // namespace holdfast::client
