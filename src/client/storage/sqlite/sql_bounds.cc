#include "client/storage/sqlite/sql_bounds.h"

#include <algorithm>
#include <cstddef>

namespace holdfast::client {
namespace {

// SQLite's parser has a stack of 100 entries, of which a level takes up to three and a relation's subquery as much as
// four levels; expressions may be 1000 deep, and a chain of AND or OR is as deep as it is long; builds with little
// memory allow 999 parameters. Each subquery has a table in memory of its own.
constexpr std::size_t levels_max = 20;
constexpr std::size_t relation_levels = 4;
constexpr std::size_t children_max = 400;
constexpr std::size_t operands_max = 900;
constexpr std::size_t relations_max = 100;

struct Extent {
  std::size_t levels = 0;
  std::size_t children = 0;   // Of the widest node.
  std::size_t operands = 0;   // In all.
  std::size_t relations = 0;  // In all.
};

// Stops going down where it is too deep in any case.
void measure(const Predicate& predicate, std::size_t level, Extent& extent) {
  const bool is_related = predicate.kind == Predicate::Kind::related;
  extent.levels = std::max(extent.levels, level);
  extent.children = std::max(extent.children, predicate.children.size());
  extent.operands += predicate.operands.size() + (predicate.op == Op::begins_with ? 1 : 0);  // Two bounds.
  extent.relations += is_related ? 1 : 0;
  if (level > levels_max) return;
  for (const auto& child : predicate.children) measure(child, level + (is_related ? relation_levels : 1), extent);
}

}  // namespace

bool fits_sql(const Predicate& predicate) {
  Extent extent;
  measure(predicate, 1, extent);
  return extent.levels <= levels_max && extent.children <= children_max && extent.operands <= operands_max &&
         extent.relations <= relations_max;
}

}  // namespace holdfast::client
