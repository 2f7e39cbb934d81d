#include "client/sync/checksum_slices.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "model/scalars.h"
#include "model/temporal_order.h"
#include "protocol/checksum.h"

namespace holdfast::sync {
namespace {

Error undividable(const ModelSchema& model, std::size_t keys) {
  return {Code::limit_exceeded, std::to_string(keys) + " records of " + model.name +
                                    " have unsent changes, and their keys cannot be divided into ranges of " +
                                    std::to_string(protocol::except_max)};
}

/// From `from` to before `end`; null: without that bound.
Predicate range(const std::string& field, const Predicate& where, const std::optional<Value>& from,
                const std::optional<Value>& end) {
  std::vector<Predicate> all;
  if (!where.is_always()) all.push_back(where);
  if (from) all.push_back(Predicate::compare(field, Op::ge, {*from}));
  if (end) all.push_back(Predicate::compare(field, Op::lt, {*end}));
  return Predicate::all_of(std::move(all));
}

}  // namespace

Result<std::vector<ChecksumSlice>> checksum_slices(const ModelSchema& model, const Predicate& where,
                                                   std::vector<Key> except) {
  if (except.size() <= protocol::except_max) return std::vector{ChecksumSlice{where, std::move(except)}};
  const auto& first = *model.field(model.primary_key.front());
  // Two texts may be one point in time: the other side would have to order them as this one does.
  if (!is_sortable(first) || has_time_order(first)) return undividable(model, except.size());
  const auto is_less = [](const Key& left, const Key& right) {
    return compare_values(left.parts[0], right.parts[0]) < 0;
  };
  std::sort(except.begin(), except.end(), is_less);
  std::vector<ChecksumSlice> slices;
  std::optional<Value> from;
  for (auto at = except.begin(); at != except.end();) {
    const auto left = static_cast<std::size_t>(except.end() - at);
    auto end = at + static_cast<std::ptrdiff_t>(std::min(left, protocol::except_max));
    // Keys that begin alike stay together.
    if (end != except.end()) end = std::lower_bound(at, end, *end, is_less);
    if (end == at) return undividable(model, except.size());
    const auto to = end == except.end() ? std::nullopt : std::optional(end->parts[0]);
    slices.push_back({range(first.name, where, from, to), {std::make_move_iterator(at), std::make_move_iterator(end)}});
    from = to;
    at = end;
  }
  return slices;
}

}  // namespace holdfast::sync
