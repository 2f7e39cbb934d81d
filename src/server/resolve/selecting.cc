#include "server/resolve/selecting.h"

#include <utility>

#include "server/resolve/key_range.h"

namespace holdfast::server {
namespace {

/// The predicate of the sort key argument.
Result<Predicate> narrowed(const api::SortKeyArgument& narrowing, const ModelSchema& model, const Value& input) {
  if (narrowing.is_composite()) return read_composite_condition(model, narrowing.fields, input);
  return read_key_condition(model, narrowing.fields.front(), input);
}

}  // namespace

Result<Selecting> selecting_of(const Asked& asked) {
  const auto& route = asked.route;
  HOLDFAST_TRY(limit, limit_of(asked));
  HOLDFAST_TRY(filter, read_filter(*route.model, asked.call.arguments.at("filter")));
  Selecting selecting{.model = route.model, .index = route.partition, .filter = std::move(filter), .limit = limit};
  selecting.index.insert(selecting.index.end(), route.sort.begin(), route.sort.end());
  selecting.with_tombstones = asked.backend.is_versioned();
  if (const auto& narrowing = route.narrowing) {
    const auto& input = asked.call.arguments.at(narrowing->name);
    HOLDFAST_TRY(where, narrowed(*narrowing, *route.model, input));
    selecting.where = std::move(where);
    selecting.range = key_range(narrowing->fields, input);
  }
  if (!asked.decision.rows.is_always()) require(asked.decision.rows, selecting.where);
  selecting.range.is_descending = asked.call.arguments.at("sortDirection") == Value("DESC");
  return selecting;
}

void require(Predicate part, Predicate& where) {
  where = where.is_always() ? std::move(part) : Predicate::all_of({std::move(part), std::move(where)});
}

}  // namespace holdfast::server
