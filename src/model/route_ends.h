// A route looked up in its models, and the conditions and values by which its records are found. Private to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "holdfast/related.h"

namespace holdfast {

struct RouteEnds {
  const RelationSchema* near = nullptr;  ///< Of the first model, to the target or the join model.
  // With a join model; null without one:
  const RelationSchema* far = nullptr;   ///< Of the join model, to the target.
  const RelationSchema* back = nullptr;  ///< Of the target, to the join model.
};

/// Code: invalid_argument, naming the relations that there are.
Result<RouteEnds> ends_of(const Route& route);

/// The fields' values; none when one is null, or an ID that is still empty as that of a record never saved.
std::optional<LinkValues> values_of(const Record& record, const std::vector<std::string>& fields);

/// `keys`, at least one, sorted by is_before: one of them stands in the fields. As few operands as they need.
Predicate among(const std::vector<std::string>& fields, std::span<const LinkValues> keys);

/// On the target: related to a record with one of the keys, as among() takes them, and satisfying `where`.
Predicate related_to(const RouteEnds& ends, std::span<const LinkValues> keys, const Predicate& where);

bool is_before(const LinkValues& left, const LinkValues& right);

/// Moves the values out of a row whose record the reader uses again.
Record taken(Record& row);

/// What to say of several records where a relation leads to one.
Error several_of_one(const Route& route);

}  // namespace holdfast
