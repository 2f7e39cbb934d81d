#include "server/resolve/selecting.h"

#include <utility>

namespace holdfast::server {
namespace {

/// The predicate of the sort key argument.
Result<Predicate> narrowed(const Asked& asked) {
  const auto& narrowing = asked.route.narrowing;
  if (!narrowing) return Predicate();
  const auto& input = asked.call.arguments.at(narrowing->name);
  if (narrowing->is_composite()) return read_composite_condition(*asked.route.model, narrowing->fields, input);
  return read_key_condition(*asked.route.model, narrowing->fields.front(), input);
}

Result<CollectionPage> sorted_page(Store& store, const Selecting& selecting, const Object& after) {
  SortedRows rows(selecting, after);
  HOLDFAST_TRY(done, scan(store, selecting, [&](const Image& image) { rows.add(image); }));
  static_cast<void>(done);
  return rows.take();
}

}  // namespace

Result<Selecting> selecting_of(const Asked& asked) {
  HOLDFAST_TRY(limit, limit_of(asked));
  HOLDFAST_TRY(filter, read_filter(*asked.route.model, asked.call.arguments.at("filter")));
  HOLDFAST_TRY(narrow, narrowed(asked));
  Selecting selecting{.model = asked.route.model, .filter = std::move(filter), .sort = asked.route.sort, .limit = limit};
  selecting.with_tombstones = asked.backend.is_versioned();
  selecting.is_descending = asked.call.arguments.at("sortDirection") == Value("DESC");
  selecting.where = std::move(narrow);
  if (!asked.decision.rows.is_always()) require(asked.decision.rows, selecting.where);
  return selecting;
}

void require(Predicate part, Predicate& where) {
  where = where.is_always() ? std::move(part) : Predicate::all_of({std::move(part), std::move(where)});
}

Result<CollectionPage> page_of(Store& store, const Selecting& selecting, const Object& after) {
  if (selecting.sort.empty()) return page_in_store_order(store, selecting, after);
  return sorted_page(store, selecting, after);
}

}  // namespace holdfast::server
