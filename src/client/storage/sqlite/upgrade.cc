#include "client/storage/sqlite/upgrade.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "client/storage/setting_names.h"
#include "client/storage/sqlite/held_schema.h"
#include "client/storage/sqlite/model_change.h"
#include "client/storage/sqlite/upgrade_outbox.h"
#include "client/storage/sqlite/upgrade_rows.h"

namespace holdfast::client {
namespace {

Result<void> run_bound(sqlite::Connection& connection, std::string_view sql, std::string_view first,
                       std::string_view second = {}) {
  HOLDFAST_TRY(statement, connection.cached(sql));
  statement->bind(1, first);
  if (!second.empty()) statement->bind(2, second);
  return statement->run();
}

Result<std::size_t> count_bound(sqlite::Connection& connection, std::string_view sql, std::string_view bound) {
  HOLDFAST_TRY(statement, connection.cached(sql));
  statement->bind(1, bound);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? static_cast<std::size_t>(statement->column_integer(0)) : 0U;
}

Result<void> forget_images(sqlite::Connection& connection, const ModelSchema& model) {
  return run_bound(connection, "DELETE FROM holdfast_settings WHERE substr(name, 1, length(?1)) = ?1",
                   image_prefix(model.name));
}

// --- models --------------------------------------------------------------------------------------------------

Result<std::size_t> count_rows(sqlite::Connection& connection, const ModelSchema& model, const std::string& where) {
  HOLDFAST_TRY(rows, connection.integer_of("SELECT count(*) FROM " + sql_name(model.name) + " WHERE " + where));
  return static_cast<std::size_t>(rows);
}

/// The model with all that is known of it.
Result<void> remove_model(Upgrade& upgrade, const ModelSchema& was, const ModelSchema* is) {
  auto& connection = upgrade.connection;
  auto& loss = upgrade.losses.of(was.name, {}, key_text(was), is ? key_text(*is) : std::string());
  HOLDFAST_TRY(rows, count_rows(connection, was, "true"));
  HOLDFAST_TRY(unsent, count_bound(connection, "SELECT count(*) FROM holdfast_outbox WHERE model = ?", was.name));
  HOLDFAST_TRY(refused,
               count_bound(connection, "SELECT count(*) FROM holdfast_dead_letters WHERE model = ?", was.name));
  loss.rows = rows;
  loss.unsent = unsent + refused;
  auto done = connection.run("DROP TABLE " + sql_name(was.name));
  if (done) done = run_bound(connection, "DELETE FROM holdfast_outbox WHERE model = ?", was.name);
  if (done) done = run_bound(connection, "DELETE FROM holdfast_dead_letters WHERE model = ?", was.name);
  if (done) done = run_bound(connection, "DELETE FROM holdfast_tombstones WHERE model = ?", was.name);
  if (done) done = run_bound(connection, "DELETE FROM holdfast_settings WHERE name = ?", sync_state_name(was.name));
  if (done) done = forget_images(connection, was);
  return done;
}

/// The next sync asks for all of the model once, and takes it although the versions are known: the rows lack what the
/// old schema did not ask for. Images of the service's state lack it too, and come again with it.
Result<void> expect_all(sqlite::Connection& connection, const ModelSchema& model) {
  auto noted = run_bound(connection, "INSERT OR REPLACE INTO holdfast_settings (name, value) VALUES (?, ?)",
                         sync_state_name(model.name), incomplete_sync_state);
  return noted ? forget_images(connection, model) : noted;
}

Result<void> change_model(Upgrade& upgrade, const ModelChange& change) {
  if (change.fit == Fit::same) return {};
  auto done = change.is_rebuilt ? carry_keys(upgrade, change) : add_columns(upgrade, change);
  if (done && change.is_rebuilt) done = rebuild_table(upgrade, change);
  return done ? expect_all(upgrade.connection, *change.is->model) : done;
}

// --- relations -----------------------------------------------------------------------------------------------

std::string all_set(const std::vector<std::string>& fields) {
  std::string out = "true";
  for (const auto& field : fields) out += " AND " + sql_name(field) + " IS NOT NULL";
  return out;
}

std::string link_text(const RelationSchema& relation) {
  std::string keys;
  for (const auto& key : relation.kind == RelationKind::has_many ? relation.target_keys : relation.keys) {
    keys += (keys.empty() ? "" : ", ") + key;
  }
  return relation.target + " by (" + keys + ")";
}

/// A link whose key field says itself that it needs a value now is counted there.
bool is_required_now(const ModelSchema& was, const ModelSchema& is, const RelationSchema& before,
                     const RelationSchema& after) {
  const bool is_told = std::any_of(after.keys.begin(), after.keys.end(), [&](const std::string& key) {
    const auto* old_key = was.field(key);
    const auto* new_key = is.field(key);
    return !old_key || !new_key || old_key->is_required != new_key->is_required;
  });
  return after.kind != RelationKind::has_many && after.is_required && !before.is_required && !is_told;
}

/// The keys stay as they are in any case: what may be lost is where they lead.
Result<void> count_links(Upgrade& upgrade, const ModelSchema& was, const ModelSchema& is) {
  for (const auto& before : was.relations) {
    const auto* after = is.relation(before.name);
    if (!after) continue;
    const bool leads_elsewhere = before.target != after->target || before.keys != after->keys ||
                                 before.target_keys != after->target_keys;
    const bool is_many = before.kind == RelationKind::has_many;
    const auto* holder = is_many ? upgrade.schemas.was.model(before.target) : &was;
    const auto linked = all_set(is_many ? before.target_keys : before.keys);
    auto& loss = upgrade.losses.of(was.name, before.name, link_text(before), link_text(*after));
    if (holder && leads_elsewhere) {
      HOLDFAST_TRY(rows, count_rows(upgrade.connection, *holder, linked));
      loss.rows = rows;
    } else if (holder && is_required_now(was, is, before, *after)) {
      HOLDFAST_TRY(rows, count_rows(upgrade.connection, *holder, "NOT (" + linked + ")"));
      loss.rows = rows;
    }
  }
  return {};
}

// --- all -----------------------------------------------------------------------------------------------------

Result<void> carry_models(Upgrade& upgrade, const std::vector<ModelTable>& tables) {
  const auto& [was, is] = upgrade.schemas;
  for (const auto& model : was.models) {
    if (const auto* next = is.model(model.name)) {
      if (auto counted = count_links(upgrade, model, *next); !counted) return counted;
    }
  }
  std::set<std::string> kept;
  for (const auto& model : was.models) {
    const auto* next = is.model(model.name);
    if (next && next->primary_key == model.primary_key) {
      kept.insert(model.name);
    } else if (auto removed = remove_model(upgrade, model, next); !removed) {
      return removed;
    }
  }
  std::vector<ModelChange> changes;
  for (const auto& table : tables) {
    if (kept.find(table.model->name) == kept.end()) {
      if (auto made = upgrade.connection.run(table.create); !made) return made;
      continue;
    }
    HOLDFAST_TRY(change, change_of(upgrade, *was.model(table.model->name), table));
    changes.push_back(std::move(change));
    if (auto changed = change_model(upgrade, changes.back()); !changed) return changed;
  }
  return carry_outbox(upgrade, changes);
}

Error refused(const sqlite::Connection& connection, const std::vector<SchemaLoss>& losses) {
  std::string list;
  for (const auto& loss : losses) list += (list.empty() ? "" : "; ") + loss.text();
  return {Code::schema_error,
          connection.path() + ": the file belongs to another schema: " + list +
              ". Open it with that schema, answer StoreOptions::upgrade.on_loss, choose another path, or"
              " delete the file"};
}

Result<void> wipe(sqlite::Connection& connection, const std::vector<ModelTable>& tables) {
  HOLDFAST_TRY(names, model_tables_in(connection));
  auto done = connection.run("DELETE FROM holdfast_tombstones; DELETE FROM holdfast_outbox;"
                             " DELETE FROM holdfast_dead_letters; DELETE FROM holdfast_settings");
  for (const auto& name : names) {
    if (done) done = connection.run("DROP TABLE " + sql_name(name));
  }
  for (const auto& table : tables) {
    if (done) done = connection.run(table.create);
  }
  return done;
}

}  // namespace

Result<void> upgrade(sqlite::Connection& connection, const SchemaPair& schemas, const std::vector<ModelTable>& tables,
                     const UpgradePolicy& policy) {
  Upgrade upgrade{connection, schemas, policy};
  if (auto carried = carry_models(upgrade, tables); !carried) return carried;
  const auto losses = upgrade.losses.found();
  if (losses.empty()) return {};
  switch (policy.on_loss ? policy.on_loss(losses) : UpgradeDecision::refuse) {
    case UpgradeDecision::drop_what_is_lost: return {};
    case UpgradeDecision::wipe: return wipe(connection, tables);
    case UpgradeDecision::refuse: break;
  }
  return refused(connection, losses);
}

}  // namespace holdfast::client
