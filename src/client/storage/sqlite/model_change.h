// One model before and after a change of the schema, and what the change loses.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "holdfast/upgrade.h"
#include "model/type_change.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// One entry for each thing that may lose something; found again by its names. Its references stay valid.
class Losses {
 public:
  SchemaLoss& of(const std::string& model, const std::string& member, const std::string& was, const std::string& is);
  /// Those that lose something.
  [[nodiscard]] std::vector<SchemaLoss> found() const;

 private:
  std::deque<SchemaLoss> all_;  // Never moved.
};

/// What every step of an upgrade works on.
struct Upgrade {
  sqlite::Connection& connection;
  SchemaPair schemas;
  const UpgradePolicy& policy;
  Losses losses = {};
};

/// Where the value of a new field comes from.
struct FieldStep {
  std::optional<std::size_t> from = {};  ///< The old field's index; null: it is new.
  SchemaLoss* loss = nullptr;            ///< Never null.
};

struct GoneField {
  std::size_t field = 0;                 ///< Index among the old fields.
  SchemaLoss* loss = nullptr;            ///< Never null.
};

/// A model that both schemas have, with the same primary key and other fields.
struct ModelChange {
  ModelTable was = {};
  const ModelTable* is = nullptr;
  Fit fit = Fit::same;
  std::vector<FieldStep> steps = {};     ///< Parallel to the new fields.
  std::vector<GoneField> gone = {};
  bool is_rebuilt = false;               ///< Each row is read and written again; otherwise columns are added.
};

/// Code: schema_error, as model_table().
Result<ModelChange> change_of(Upgrade& upgrade, const ModelSchema& was, const ModelTable& is);

/// The key in its new form; null when a part does not fit.
std::optional<Key> carried(const SchemaPair& schemas, const ModelChange& change, const Key& key);

/// "(id)", "(city, row)".
std::string key_text(const ModelSchema& model);

}  // namespace holdfast::client
