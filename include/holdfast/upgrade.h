// What happens when a database is opened with another schema than it was written with. In short: what every change of
// the schema leaves intact is kept without a word, unsent changes included; before anything is lost you are asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "holdfast/record.h"

namespace holdfast {

/// A change of the schema that some data of this database does not survive. Exactly one of them for each field, relation
/// or model that loses something.
struct SchemaLoss {
  std::string model = {};   ///< "Post", as the old schema names it.
  std::string member = {};  ///< The field or relation; empty when the model is gone or has another primary key.
  std::string was = {};     ///< As a schema writes it: "Int", "[String!]!", "(id)"; empty for what is new.
  std::string is = {};      ///< Empty for what is gone.
  std::size_t rows = 0;     ///< Rows that lose this value, or are lost because they lack it.
  std::size_t unsent = 0;   ///< Unsent changes that lose it, or are lost.

  /// "Post.rating: Int becomes String: 12 rows and 1 unsent change lose it".
  [[nodiscard]] std::string text() const;
  friend bool operator==(const SchemaLoss&, const SchemaLoss&) = default;
};

enum class UpgradeDecision : std::uint8_t {
  refuse,             ///< The database stays as it is; open() fails with schema_error and lists the losses.
  drop_what_is_lost,  ///< Values that do not fit become null; a row that lacks a required value goes until the service
                      ///< sends it again; everything else stays, unsent changes included.
  wipe,               ///< The database becomes empty, unsent changes are lost; the next sync is a full one.
};

/// Both are called by DataStore::open(), on its thread, inside the one transaction of the upgrade: they must not open the
/// same database, and should not wait for a user (another process that opens it gives up after five seconds). They must not throw.
struct UpgradePolicy {
  /// Asked when something would be lost, with everything that would be. Absent: refuse.
  std::function<UpgradeDecision(const std::vector<SchemaLoss>& losses)> on_loss = {};

  /// Called once for each row of every model whose fields changed, to fill in what the change leaves open. `was` has the
  /// row's values by their old names; `row` is the new row, with all that could be kept: set its fields, but not its key.
  /// What it sets counts as kept. The values stay on this device until the service sends its own: they are no unsent
  /// changes, except that a record the service has not been told of is created with them.
  std::function<void(const Object& was, Record& row)> fill_row = {};
};

}  // namespace holdfast
