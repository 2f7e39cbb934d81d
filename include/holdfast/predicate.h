// Predicate: a condition on one record as a tree. One tree, four readers: the evaluator, the SQL writer, the
// GraphQL filter writer, and the backend, which reads filters into it. The last two know no relations.
//
// Logic is two-valued; a missing value is null. For a field that is null:
//   eq null is true, eq x is false; ne is the exact complement of eq;
//   lt le gt ge between in(without null) begins_with contains are false; not_contains and not_in are true.
// `not` is the exact complement of its child. Strings compare by UTF-8 bytes (SQLite BINARY, std::string); but lt le gt
// ge between of an AWSDateTime or AWSTime, and sorting by it, compare points in time, whatever their offsets (TimeOrder).
// Numbers compare by value across integer and floating. `contains` looks for a substring in a string and for
// an element in a list. between is inclusive; with low > high it is false. in() with an empty list is false.
// all_of() of nothing is true, any_of() of nothing is false.
// related() is true when at least one related record satisfies its child: one of the relation's target whose target_keys
// equal the record's keys. A record with a null among its keys has no related records.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "holdfast/record.h"
#include "holdfast/value.h"

namespace holdfast {

/// What a comparison asks; the logic stands above.
enum class Op : std::uint8_t { eq, ne, lt, le, gt, ge, between, contains, not_contains, begins_with, in, not_in };

/// A regular type: build it with the functions below, read it with the switch on `kind`. Not thread-safe.
struct Predicate {
  enum class Kind : std::uint8_t { always, compare, all_of, any_of, negation, related };
  /// What of the field is compared. `size` is the length of a string in UTF-8 bytes or of a list; null for null.
  enum class Subject : std::uint8_t { value, size };

  Kind kind = Kind::always;
  // compare; of related, `field` is the relation's name:
  std::string field = {};
  Subject subject = Subject::value;
  Op op = Op::eq;
  std::vector<Value> operands = {};       ///< One; two for between; any number for in and not_in.
  // all_of, any_of; negation has exactly one, and related one on the relation's target:
  std::vector<Predicate> children = {};

  static Predicate compare(std::string field, Op op, std::vector<Value> operands);  ///< A field against operands.
  static Predicate all_of(std::vector<Predicate> children);
  static Predicate any_of(std::vector<Predicate> children);
  static Predicate negation(Predicate child);
  /// `child` is a predicate on the model that the relation leads to: `related("post", rating > 4)` on a Comment.
  static Predicate related(std::string relation, Predicate child);

  [[nodiscard]] bool is_always() const noexcept { return kind == Kind::always; }  ///< True of every record.
  friend bool operator==(const Predicate&, const Predicate&) = default;
};

/// Whether the predicate asks for related records at any depth: it cannot be answered from one record alone.
bool spans_relations(const Predicate& predicate);

/// Whether a record related to this one satisfies `child`. Asked by evaluate(), once for each related() it comes to.
using HasRelated = std::function<bool(const Record& record, const RelationSchema& relation, const Predicate& child)>;

/// Whether the record satisfies the predicate, which must have passed `check` for the record's model.
/// Times are ordered by_instant.
bool evaluate(const Predicate& predicate, const Record& record, const HasRelated& has_related);

/// How lt, le, gt, ge and between read an AWSDateTime or AWSTime. eq, ne, in and not_in always compare the texts.
enum class TimeOrder : std::uint8_t {
  by_text,     ///< As the service does: in conditions of save and remove, which it checks too, and in its own filters.
  by_instant,  ///< 10:00+02:00 is before 09:00Z; without an offset a time is taken as UTC: in all queries of a device.
};
/// The same of a predicate on the record alone; asserts that it does not span relations.
bool evaluate(const Predicate& predicate, const Record& record, TimeOrder times = TimeOrder::by_text);

/// Every field and relation exists, every operator fits its field, every operand its type; at most 100 levels deep.
/// Code: invalid_argument, naming the field, the operator and what would fit.
Result<void> check(const Predicate& predicate, const ModelSchema& model, const Schema& schema);
/// The same for a predicate on one record alone, as conditions of save and remove are: the service, which checks them
/// too, knows no relations. Code: invalid_argument, also for a related(), naming the relation.
Result<void> check(const Predicate& predicate, const ModelSchema& model);

/// The JSON form of a predicate in the outbox and in logs; `from_json` reads it back. Codes: malformed.
Value to_json(const Predicate& predicate);
Result<Predicate> predicate_from_json(const Value& json);

enum class Direction : std::uint8_t { ascending, descending };  ///< Of a SortKey.

/// A field to sort by, of the record or of one that it is related to.
struct SortKey {
  std::string field;
  Direction direction = Direction::ascending;
  /// Relations to one record each, on the way to the record that has the field; empty for the record itself. Where there
  /// is no such record, the value is null; of several, the one that was inserted first counts.
  std::vector<std::string> path = {};
  friend bool operator==(const SortKey&, const SortKey&) = default;
};

/// What to read of a model. Nulls sort first in ascending order (as SQLite does). Ties, and an empty `sort`,
/// keep insertion order. `limit` 0 means all; `page` counts from 0 and needs a limit.
struct Query {
  Predicate where = {};
  std::vector<SortKey> sort = {};
  std::uint64_t limit = 0;
  std::uint64_t page = 0;
};

/// `check` for the predicate; sort fields exist and are sortable (no lists, no embedded types), at the end of at most ten
/// relations to one; page needs limit.
/// Code: invalid_argument.
Result<void> check(const Query& query, const ModelSchema& model, const Schema& schema);

/// Negative, zero or positive as `left` sorts before, with or after `right` in ascending order. Nulls first;
/// numbers by value; strings by bytes; false before true.
int compare_values(const Value& left, const Value& right);

}  // namespace holdfast
