#include "client/sync/selection.h"

#include <utility>

namespace holdfast::sync {

bool Selection::choose(const ModelSchema& model, Predicate where) {
  return models_.try_emplace(model.name, Chosen{.where = std::move(where)}).second;
}

bool Selection::leave_alone(const ModelSchema& model) {
  return models_.try_emplace(model.name, Chosen{.is_left_alone = true}).second;
}

const Predicate& Selection::where(const ModelSchema& model) const {
  static const Predicate all;
  const auto chosen = models_.find(model.name);
  return chosen == models_.end() ? all : chosen->second.where;
}

bool Selection::keeps_none(const ModelSchema& model) const {
  const auto& predicate = where(model);
  return predicate.kind == Predicate::Kind::any_of && predicate.children.empty();
}

bool Selection::leaves_alone(const ModelSchema& model) const {
  const auto chosen = models_.find(model.name);
  return chosen != models_.end() && chosen->second.is_left_alone;
}

bool Selection::keeps(const Record& record) const {
  return models_.empty() || evaluate(where(*record.model), record);
}

}  // namespace holdfast::sync
