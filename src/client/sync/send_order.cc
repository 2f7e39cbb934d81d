#include "client/sync/send_order.h"

#include <algorithm>

#include "client/sync/sync_order.h"

namespace holdfast::sync {
namespace {

const Value* changed_value(const client::OutboxEntry& entry, std::string_view field) {
  const auto index = entry.model->field_index(field);
  for (const auto& change : entry.changes) {
    if (index && change.field == *index) return &change.value;
  }
  for (std::size_t part = 0; part < entry.key.parts.size(); ++part) {
    if (entry.model->primary_key[part] == field) return &entry.key.parts[part];
  }
  return nullptr;
}

/// The key of the parent that the entry links its record to; without parts when the entry does not touch the link.
Key linked_parent(const client::OutboxEntry& entry, const RelationSchema& relation, const ModelSchema& parent) {
  Key key;
  for (const auto& part : parent.primary_key) {
    const auto place = std::find(relation.target_keys.begin(), relation.target_keys.end(), part);
    if (place == relation.target_keys.end()) return {};
    const auto at = static_cast<std::size_t>(place - relation.target_keys.begin());
    const auto* value = changed_value(entry, relation.keys[at]);
    if (!value) return {};
    key.parts.push_back(*value);
  }
  return key;
}

bool are_related(const ModelSchema& left, const ModelSchema& right) {
  const auto points_to = [](const ModelSchema& from, const ModelSchema& to) {
    return std::any_of(from.relations.begin(), from.relations.end(),
                       [&to](const RelationSchema& relation) { return relation.target == to.name; });
  };
  return points_to(left, right) || points_to(right, left);
}

}  // namespace

bool SendOrder::admits(const client::OutboxEntry& entry) {
  const bool is_first = seen_.emplace(entry.model, entry.key.text()).second;
  const bool is_admitted = is_first && !waits_for_parent(entry) && !waits_for_children(entry);
  if (entry.operation == client::Operation::create) created_.emplace(entry.model, entry.key.text());
  if (entry.operation == client::Operation::remove) removed_.insert(entry.model);
  return is_admitted;
}

bool SendOrder::waits_for_parent(const client::OutboxEntry& entry) const {
  if (created_.empty() || entry.operation == client::Operation::remove) return false;
  return std::any_of(entry.model->relations.begin(), entry.model->relations.end(), [&](const auto& relation) {
    if (!holds_foreign_key(*entry.model, relation)) return false;
    const auto* parent = schema_.model(relation.target);
    if (!parent) return false;
    const auto key = linked_parent(entry, relation, *parent);
    return !key.parts.empty() && created_.contains({parent, key.text()});
  });
}

bool SendOrder::waits_for_children(const client::OutboxEntry& entry) const {
  if (entry.operation != client::Operation::remove) return false;
  return std::any_of(removed_.begin(), removed_.end(), [&entry](const ModelSchema* model) {
    return model != entry.model && are_related(*model, *entry.model);
  });
}

}  // namespace holdfast::sync
