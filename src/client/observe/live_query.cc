#include "client/observe/live_query.h"

#include <limits>

namespace holdfast::observe {
namespace {

constexpr auto no_end = std::numeric_limits<std::size_t>::max();

/// The index of the first row of a page; no row has it when the page is beyond all that can be counted.
std::size_t start_of(const Query& query, std::uint64_t page) {
  if (query.limit == 0) return page == 0 ? 0 : no_end;
  return page > no_end / query.limit ? no_end : static_cast<std::size_t>(query.limit * page);
}

/// Whether both show the same rows, not merely equal ones.
bool is_same(const Rows& left, const Rows& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t at = 0; at < left.size(); ++at) {
    if (left.run(at).front() != right.run(at).front()) return false;
  }
  return true;
}

}  // namespace

LiveQuery::LiveQuery(const ModelSchema& model, LiveQueryOptions options)
    : model_(model),
      options_(std::move(options)),
      rows_(Order(model, options_.query.sort)),
      first_(start_of(options_.query, options_.query.page)),
      end_(start_of(options_.query, options_.query.page + 1)) {}

Row LiveQuery::row_of(Record record, client::Place place, std::string_view key) const {
  auto position = rows_.order().position_of(record, place);
  return {std::move(position), options_.form.make(std::move(record)), key};
}

RowPointer LiveQuery::updated(const RowPointer& before, const Record& record) const {
  auto after = row_of(record, before->position.place, before->key);
  const auto is_equal = options_.form.is_equal;
  const bool is_same = is_equal != nullptr && is_equal(before->element.get(), after.element.get()) &&
                       before->position.values == after.position.values;
  return is_same ? before : std::make_shared<const Row>(std::move(after));
}

bool LiveQuery::enter(RowPointer row) { return rows_.insert(std::move(row)) < end_; }

bool LiveQuery::leave(const Row& row) { return rows_.erase(row.position) < end_; }

bool LiveQuery::replace(const Row& before, RowPointer after) {
  const auto& order = rows_.order();
  const bool moves =
      order.is_before(before.position, after->position) || order.is_before(after->position, before.position);
  if (!moves) {
    const auto index = rows_.replace(std::move(after));
    return index >= first_ && index < end_;
  }
  const auto from = rows_.erase(before.position);
  const auto to = rows_.insert(std::move(after));
  const bool is_behind = from >= end_ && to >= end_;
  const bool is_ahead = from < first_ && to < first_;
  return !is_behind && !is_ahead;
}

/// Looked up only: its order reaches nobody.
std::unordered_map<client::Place, RowPointer> LiveQuery::rows_by_place() const {
  std::unordered_map<client::Place, RowPointer> found;
  rows_.visit([&](const Row& row) { found.emplace(row.position.place, rows_.find(row.position)); });
  return found;
}

bool LiveQuery::refresh(std::vector<Row> rows) {
  std::vector<RowPointer> kept;
  kept.reserve(rows.size());
  const auto is_equal = options_.form.is_equal;
  const bool is_by_rank = rows_.order().is_by_rank();
  const auto ranked = is_by_rank ? rows_by_place() : std::unordered_map<client::Place, RowPointer>{};
  for (auto& row : rows) {
    if (is_by_rank) row.position.values = {static_cast<std::int64_t>(kept.size())};
    const auto at = ranked.find(row.position.place);
    auto before = is_by_rank ? (at == ranked.end() ? nullptr : at->second) : rows_.find(row.position);
    const bool is_as_before = before && is_equal != nullptr && is_equal(before->element.get(), row.element.get());
    if (is_as_before) row.element = before->element;
    const bool stays = is_as_before && before->position.values == row.position.values;
    kept.push_back(stays ? std::move(before) : std::make_shared<const Row>(std::move(row)));
  }
  const auto showed = shown();
  rows_.assign(std::move(kept));
  return !is_same(showed, shown());
}

bool LiveQuery::clear() {
  const bool showed = shown().size() > 0;
  rows_.clear();
  return showed;
}

}  // namespace holdfast::observe
