#include <algorithm>
#include <set>

#include "model/route_ends.h"

namespace holdfast {
namespace {

// So that a query stays one that an index answers: below the operands that the SQL writer leaves to it, with room for
// the application's own condition.
constexpr std::size_t operands_per_chunk = 500;

using Keys = std::span<const LinkValues>;
using Groups = std::span<std::vector<Record>>;  ///< Parallel to the keys.

std::size_t index_of(const LinkValues& key, Keys keys) {
  const auto found = std::lower_bound(keys.begin(), keys.end(), key, is_before);
  HOLDFAST_ASSERT(found != keys.end() && !is_before(key, *found), "a row was read by one of the keys");
  return static_cast<std::size_t>(found - keys.begin());
}

struct Reading {
  const RowReader& reader;
  const Route& route;
  const RouteEnds& ends;
  const Query& query;
};

Result<void> read_straight(const Reading& reading, Keys keys, Groups groups) {
  const auto& fields = reading.ends.near->target_keys;
  const Query rows{.where = related_to(reading.ends, keys, reading.query.where), .sort = reading.query.sort};
  return reading.reader(*reading.route.target, rows, [&](Record& row) {
    if (const auto key = values_of(row, fields)) groups[index_of(*key, keys)].push_back(taken(row));
  });
}

struct LinkOrder {
  bool operator()(const LinkValues& left, const LinkValues& right) const { return is_before(left, right); }
};

Result<void> read_through(const Reading& reading, Keys keys, Groups groups) {
  const auto* near = reading.ends.near;
  const auto* far = reading.ends.far;
  std::map<LinkValues, std::set<std::size_t>, LinkOrder> groups_of;
  const Query links{.where = among(near->target_keys, keys)};
  HOLDFAST_TRY(linked, reading.reader(*reading.route.join, links, [&](Record& row) {
    const auto key = values_of(row, near->target_keys);
    auto far_key = values_of(row, far->keys);
    if (key && far_key) groups_of[std::move(*far_key)].insert(index_of(*key, keys));
  }));
  if (groups_of.empty()) return {};
  const Query rows{.where = related_to(reading.ends, keys, reading.query.where), .sort = reading.query.sort};
  return reading.reader(*reading.route.target, rows, [&](Record& row) {
    const auto key = values_of(row, far->target_keys);
    const auto of = key ? groups_of.find(*key) : groups_of.end();
    if (of == groups_of.end()) return;  // Linked between the two queries.
    for (const auto group : of->second) groups[group].push_back(row);
  });
}

}  // namespace

bool Links::Less::operator()(const LinkValues& left, const LinkValues& right) const { return is_before(left, right); }

void Links::add(const Record& from) {
  HOLDFAST_ASSERT(from.model == route_.from, "a route begins at a record of its first model");
  const auto ends = ends_of(route_);
  if (!ends) return;  // read() tells.
  if (auto link = values_of(from, ends->near->keys)) ranges_.try_emplace(std::move(*link));
}

Links::Range Links::range_of(const Record& from) const {
  const auto ends = ends_of(route_);
  const auto link = ends ? values_of(from, ends->near->keys) : std::nullopt;
  const auto found = link ? ranges_.find(*link) : ranges_.end();
  return found == ranges_.end() ? Range{} : found->second;
}

Result<std::vector<Record>> Links::read(const RowReader& reader, const Query& query) {
  HOLDFAST_TRY(ends, ends_of(route_));
  if (query.limit != 0 || query.page != 0) {
    return Error{Code::invalid_argument, "a prefetch of pages: read the pages of one record by related()"};
  }
  std::vector<LinkValues> keys;
  for (const auto& [key, range] : ranges_) keys.push_back(key);
  std::vector<std::vector<Record>> groups(keys.size());
  const Reading reading{reader, route_, ends, query};
  const auto step = std::max<std::size_t>(1, operands_per_chunk / ends.near->keys.size());
  for (std::size_t first = 0; first < keys.size(); first += step) {
    const auto count = std::min(step, keys.size() - first);
    const auto read_chunk = ends.far ? read_through : read_straight;
    HOLDFAST_TRY(read, read_chunk(reading, Keys(keys).subspan(first, count), Groups(groups).subspan(first, count)));
  }
  std::vector<Record> rows;
  auto group = groups.begin();
  for (auto& [key, range] : ranges_) {
    if (ends.near->kind != RelationKind::has_many && group->size() > 1) return several_of_one(route_);
    range.begin = rows.size();
    std::move(group->begin(), group->end(), std::back_inserter(rows));
    range.end = rows.size();
    ++group;
  }
  return rows;
}

}  // namespace holdfast
