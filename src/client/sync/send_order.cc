#include "client/sync/send_order.h"

#include <algorithm>
#include <utility>
#include <vector>

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

/// A parent that the entry links its record to.
struct Parent {
  const ModelSchema* model;
  Key key;
};

std::vector<Parent> linked_parents(const Schema& schema, const client::OutboxEntry& entry) {
  std::vector<Parent> parents;
  if (entry.operation == client::Operation::remove) return parents;
  for (const auto& relation : entry.model->relations) {
    if (!holds_foreign_key(*entry.model, relation)) continue;
    const auto* parent = schema.model(relation.target);
    auto key = parent ? linked_parent(entry, relation, *parent) : Key{};
    if (!key.parts.empty()) parents.push_back({parent, std::move(key)});
  }
  return parents;
}

bool waits_for_children(const client::OutboxEntry& entry, const std::set<const ModelSchema*>& removed) {
  if (entry.operation != client::Operation::remove) return false;
  return std::any_of(removed.begin(), removed.end(), [&entry](const ModelSchema* model) {
    return model != entry.model && are_related(*model, *entry.model);
  });
}

}  // namespace

bool SendOrder::admits(const client::OutboxEntry& entry) {
  const bool is_first = seen_.emplace(entry.model, entry.key.text()).second;
  const auto waits_for_parent = [&] {
    if (created_.empty()) return false;
    const auto parents = linked_parents(schema_, entry);
    return std::any_of(parents.begin(), parents.end(),
                       [this](const Parent& parent) { return created_.contains({parent.model, parent.key.text()}); });
  };
  const bool is_admitted = is_first && !waits_for_parent() && !waits_for_children(entry, removed_);
  if (entry.operation == client::Operation::create) created_.emplace(entry.model, entry.key.text());
  if (entry.operation == client::Operation::remove) removed_.insert(entry.model);
  return is_admitted;
}

Result<bool> FarSendOrder::admits(client::Transaction& transaction, const client::OutboxEntry& entry) const {
  if (waits_for_children(entry, removed_)) return false;
  HOLDFAST_TRY(waiting, transaction.entries_of(*entry.model, entry.key));
  if (waiting.empty() || waiting.front().id != entry.id) return false;
  for (const auto& parent : linked_parents(schema_, entry)) {
    HOLDFAST_TRY(of_parent, transaction.entries_of(*parent.model, parent.key));
    const bool has_earlier_create = std::any_of(of_parent.begin(), of_parent.end(), [&entry](const auto& one) {
      return one.operation == client::Operation::create && one.id < entry.id;
    });
    if (has_earlier_create) return false;
  }
  return true;
}

void FarSendOrder::pass(const client::OutboxEntry& entry) {
  if (entry.operation == client::Operation::remove) removed_.insert(entry.model);
}

}  // namespace holdfast::sync
