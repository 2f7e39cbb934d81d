#include "client/observe/order.h"

#include <algorithm>

#include "model/temporal_order.h"

namespace holdfast::observe {

Order::Order(const ModelSchema& model, const std::vector<SortKey>& sort)
    : is_by_rank_(std::any_of(sort.begin(), sort.end(), [](const SortKey& key) { return !key.path.empty(); })) {
  if (is_by_rank_) return;
  for (const auto& key : sort) {
    const auto field = model.field_index(key.field);
    HOLDFAST_ASSERT(field.has_value(), "the sort keys have passed check");
    fields_.push_back({&model.fields[*field], *field, key.direction == Direction::ascending ? 1 : -1});
  }
}

Position Order::position_of(const Record& record, client::Place place) const {
  Position position{.values = {}, .place = place};
  position.values.reserve(fields_.size());
  for (const auto& by : fields_) position.values.push_back(order_value(*by.field, record.values[by.index]));
  return position;
}

bool Order::is_before(const Position& left, const Position& right) const {
  if (is_by_rank_) return compare_values(left.values.front(), right.values.front()) < 0;
  for (std::size_t at = 0; at < fields_.size(); ++at) {
    const int order = compare_values(left.values[at], right.values[at]) * fields_[at].sign;
    if (order != 0) return order < 0;
  }
  return left.place < right.place;
}

}  // namespace holdfast::observe
