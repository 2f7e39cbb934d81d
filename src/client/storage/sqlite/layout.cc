#include "client/storage/sqlite/layout.h"

#include <set>
#include <string>

#include "client/storage/sqlite/held_schema.h"
#include "client/storage/sqlite/upgrade.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::client {
namespace {

Error foreign(const sqlite::Connection& connection, const std::string& what) {
  return {Code::schema_error, connection.path() + ": " + what};
}

Result<void> bring_indexes(sqlite::Connection& connection, const std::vector<ModelTable>& tables) {
  HOLDFAST_TRY(held, texts_of(connection,
                              "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                              " AND tbl_name NOT LIKE ? ESCAPE '!'",
                              "holdfast!_%"));
  std::set<std::string> wanted;
  for (const auto& table : tables) wanted.insert(table.create_indexes.begin(), table.create_indexes.end());
  for (const auto& sql : held) {
    if (wanted.erase(sql) != 0) continue;
    HOLDFAST_TRY(names, texts_of(connection, "SELECT name FROM sqlite_master WHERE sql = ?", sql));
    for (const auto& name : names) {
      if (auto dropped = connection.run("DROP INDEX " + sql_name(name)); !dropped) return dropped;
    }
  }
  for (const auto& sql : wanted) {
    if (auto created = connection.run(sql); !created) return created;
  }
  return {};
}

Result<void> bring_layout(sqlite::Connection& connection) {
  HOLDFAST_TRY(version, connection.integer_of("PRAGMA user_version"));
  if (version == layout_version) return {};
  auto made = version == 0 ? connection.run(std::string(create_own_tables)) : Result<void>();
  if (made && version < 2) made = connection.run(std::string(create_schema_table));
  if (made) made = connection.run(std::string(create_dead_letters_table));
  if (!made) return made;
  return connection.run("PRAGMA application_id = " + std::to_string(application_id) +
                        "; PRAGMA user_version = " + std::to_string(layout_version));
}

Result<void> bring_tables(sqlite::Connection& connection, const Schema& schema, const std::vector<ModelTable>& tables,
                          const UpgradePolicy& policy) {
  HOLDFAST_TRY(held, held_schema(connection, schema));
  if (held) return upgrade(connection, {*held, schema}, tables, policy);
  for (const auto& table : tables) {
    if (auto created = connection.run(table.create); !created) return created;
  }
  return {};
}

}  // namespace

Result<void> check_owner(sqlite::Connection& connection) {
  HOLDFAST_TRY(owner, connection.integer_of("PRAGMA application_id"));
  HOLDFAST_TRY(version, connection.integer_of("PRAGMA user_version"));
  HOLDFAST_TRY(tables, connection.integer_of("SELECT count(*) FROM sqlite_master"));
  if (owner == 0 && version == 0 && tables == 0) return {};
  if (owner != application_id) return foreign(connection, "the database of another application; choose another path");
  if (version >= 1 && version <= layout_version) return {};
  return foreign(connection, "written by a newer Holdfast (layout " + std::to_string(version) + ", here " +
                                 std::to_string(layout_version) + "); update Holdfast");
}

Result<void> bring_to_schema(sqlite::Connection& connection, const Schema& schema, std::string_view structure,
                             const std::vector<ModelTable>& tables, const UpgradePolicy& policy) {
  HOLDFAST_TRY(scope, sqlite::TransactionScope::begin(connection));
  if (auto brought = bring_layout(connection); !brought) return brought;
  HOLDFAST_TRY(is_current, has_structure(connection, structure));
  if (!is_current) {
    if (auto brought = bring_tables(connection, schema, tables, policy); !brought) return brought;
    if (auto held = hold_schema(connection, schema, structure); !held) return held;
  }
  if (auto brought = bring_indexes(connection, tables); !brought) return brought;
  return scope.commit();
}

}  // namespace holdfast::client
