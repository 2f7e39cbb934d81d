#include "server/store/sqlite/indexes.h"

#include <map>

#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

using Definitions = std::map<std::string, std::string, std::less<>>;  // By name.

// Names of models and fields are GraphQL names: no quote can be in one.
std::string definition(const ModelSchema& model, const IndexFields& fields) {
  std::string columns;
  std::string condition = " WHERE model = '" + model.name + "'";
  for (const auto& field : fields) {
    columns += field_expression(field) + ", ";
    condition += " AND " + field_expression(field) + " IS NOT NULL";
  }
  return "CREATE INDEX " + index_name(model, fields) + " ON records(" + columns + "first_sequence)" + condition;
}

Result<Definitions> standing(sqlite::Connection& connection) {
  Definitions all;
  HOLDFAST_TRY(statement, connection.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND "
                                             "tbl_name = 'records' AND name LIKE 'by.%'"));
  for (;;) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) return all;
    all.emplace('"' + std::string(statement.column_text(0)) + '"', statement.column_text(1));
  }
}

}  // namespace

std::string field_expression(std::string_view field) { return "image ->> '$." + std::string(field) + "'"; }

std::string index_name(const ModelSchema& model, const IndexFields& fields) {
  std::string name = "\"by." + model.name;
  for (const auto& field : fields) name += '.' + field;
  return name + '"';
}

Result<void> prepare_indexes(sqlite::Connection& connection, const Schema& schema) {
  HOLDFAST_TRY(transaction, sqlite::TransactionScope::begin(connection));
  HOLDFAST_TRY(there, standing(connection));
  for (const auto& model : schema.models) {
    for (const auto& fields : indexes_of(schema, model)) {
      const auto wanted = definition(model, fields);
      const auto found = there.find(index_name(model, fields));
      const bool is_there = found != there.end() && found->second == wanted;
      if (is_there) there.erase(found);
      if (is_there) continue;
      if (found != there.end()) {
        if (auto dropped = connection.run("DROP INDEX " + found->first); !dropped) return dropped;
        there.erase(found);
      }
      if (auto made = connection.run(wanted); !made) return made;
    }
  }
  for (const auto& [name, sql] : there) {
    if (auto dropped = connection.run("DROP INDEX " + name); !dropped) return dropped;
  }
  return transaction.commit();
}

}  // namespace holdfast::server
