#include "server/store/index.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "holdfast/predicate.h"

namespace holdfast::server {
namespace {

void add(IndexFields fields, std::vector<IndexFields>& to) {
  if (std::find(to.begin(), to.end(), fields) == to.end()) to.push_back(std::move(fields));
}

}  // namespace

std::vector<IndexFields> indexes_of(const Schema& schema, const ModelSchema& model) {
  std::vector<IndexFields> all;
  if (model.primary_key.size() > 1) add(model.primary_key, all);
  for (const auto& index : model.indexes) add(index.fields, all);
  for (const auto& owner : schema.models) {
    for (const auto& relation : owner.relations) {
      const bool is_by_their_key = relation.target == model.name && relation.target_keys != model.primary_key;
      if (is_by_their_key && relation.kind != RelationKind::belongs_to) add(relation.target_keys, all);
    }
  }
  return all;
}

int compare_leading(const std::vector<Value>& left, const std::vector<Value>& right) {
  for (std::size_t at = 0; at < left.size() && at < right.size(); ++at) {
    const int order = compare_values(left[at], right[at]);
    if (order != 0) return order;
  }
  return 0;
}

bool IndexRange::is_before_begin(const std::vector<Value>& sort_values) const {
  const auto& bound = begin();
  if (bound.values.empty()) return false;
  const int order = compare_leading(sort_values, bound.values);
  if (order == 0) return bound.is_exclusive;
  return is_descending ? order > 0 : order < 0;
}

bool IndexRange::is_past_end(const std::vector<Value>& sort_values) const {
  const auto& bound = is_descending ? from : to;
  if (bound.values.empty()) return false;
  const int order = compare_leading(sort_values, bound.values);
  if (order == 0) return bound.is_exclusive;
  return is_descending ? order < 0 : order > 0;
}

std::string IndexPlace::text() const {
  List parts(sort_values.begin(), sort_values.end());
  parts.emplace_back(first_sequence);
  return json::write(Value(std::move(parts)));
}

Result<IndexPlace> IndexPlace::from_text(std::string_view text, std::size_t sort_fields) {
  auto parsed = json::parse(text);
  auto* parts = parsed ? parsed->as_list() : nullptr;
  const auto* sequence = parts == nullptr || parts->empty() ? nullptr : parts->back().as_integer();
  if (sequence == nullptr || parts->size() != sort_fields + 1) {
    return Error{Code::invalid_argument, "'" + std::string(text) + "' is not where a page ended; give a page's `next`"};
  }
  IndexPlace place{{}, *sequence};
  parts->pop_back();
  place.sort_values = std::move(*parts);
  return place;
}

}  // namespace holdfast::server
