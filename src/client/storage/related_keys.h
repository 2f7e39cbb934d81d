// related() outside SQL: for a storage that evaluates a predicate itself, row by row, and for one record.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/storage/storage.h"
#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast::client {

/// The record's values of these fields. Null when one of them is null: such a record is related to none.
[[nodiscard]] std::optional<Key> key_in(const Record& record, const std::vector<std::string>& fields);

/// Evaluates one predicate for all records of one query. Each related() is read once, as the keys of those records of its
/// target that satisfy its child: so the work is the sum of the models' rows, however deep the predicate goes.
/// Not thread-safe; the rows must not change while it is used.
class RelatedKeys {
 public:
  /// Gives the records of the relation's target that satisfy `where`. Codes: the storage's.
  using Read = std::function<Result<void>(const RelationSchema& relation, const Predicate& where,
                                          const std::function<void(const Record&)>& sink)>;
  /// `where` outlives this object; it has passed `check`.
  RelatedKeys(const Predicate& where, Read read);
  RelatedKeys(const RelatedKeys&) = delete;
  RelatedKeys& operator=(const RelatedKeys&) = delete;

  /// False when a target could not be read; outcome() has the error then.
  [[nodiscard]] bool satisfies(const Record& record) { return satisfies(where_, record); }
  /// The same for a part of the predicate, which `read` was given.
  [[nodiscard]] bool satisfies(const Predicate& part, const Record& record) { return evaluate(part, record, has_related_); }

  /// The first error of `read`.
  [[nodiscard]] const Result<void>& outcome() const noexcept { return outcome_; }

 private:
  using Keys = std::set<std::string>;  // Their texts.
  const Keys& keys_of(const RelationSchema& relation, const Predicate& child);

  const Predicate& where_;
  const Read read_;
  const HasRelated has_related_;
  std::map<const Predicate*, Keys> keys_;  ///< By the child of a related(). Looked up only: its order reaches nobody.
  Result<void> outcome_;
};

/// Whether the record, stored or not, satisfies the predicate as its related records are now, each related() by a query
/// of its own. For one record: of many, RelatedKeys reads less. `where` has passed `check`. Codes: the storage's.
Result<bool> satisfies(Storage& storage, const Schema& schema, const Predicate& where, const Record& record);

}  // namespace holdfast::client
