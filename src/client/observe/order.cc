#include "client/observe/order.h"

namespace holdfast::observe {

Order::Order(const ModelSchema& model, const std::vector<SortKey>& sort) {
  for (const auto& key : sort) {
    const auto field = model.field_index(key.field);
    HOLDFAST_ASSERT(field.has_value(), "the sort keys have passed check");
    fields_.emplace_back(*field, key.direction == Direction::ascending ? 1 : -1);
  }
}

Position Order::position_of(const Record& record, client::Place place) const {
  Position position{.values = {}, .place = place};
  position.values.reserve(fields_.size());
  for (const auto& [field, sign] : fields_) position.values.push_back(record.values[field]);
  return position;
}

bool Order::is_before(const Position& left, const Position& right) const {
  for (std::size_t at = 0; at < fields_.size(); ++at) {
    const int order = compare_values(left.values[at], right.values[at]) * fields_[at].second;
    if (order != 0) return order < 0;
  }
  return left.place < right.place;
}

}  // namespace holdfast::observe
