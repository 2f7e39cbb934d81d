#include "client/sync/mutation.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

bool changes_field(const Patch& patch, std::size_t field) {
  return std::any_of(patch.begin(), patch.end(), [field](const FieldChange& change) { return change.field == field; });
}

/// The members of composite sort keys that must go along with the patch.
Patch with_whole_sort_keys(const Record& row, Patch patch) {
  const auto& model = *row.model;
  Patch along;
  for (const auto& index : model.indexes) {
    if (index.fields.size() < 3) continue;
    std::vector<std::size_t> members;
    for (auto name = index.fields.begin() + 1; name != index.fields.end(); ++name) {
      if (const auto at = model.field_index(*name)) members.push_back(*at);
    }
    const auto is_changed = [&patch](std::size_t field) { return changes_field(patch, field); };
    if (std::none_of(members.begin(), members.end(), is_changed)) continue;
    for (const auto field : members) {
      if (!is_changed(field) && !model.is_key(model.fields[field].name)) {
        along = combined(std::move(along), {{field, row.values[field]}});
      }
    }
  }
  return combined(std::move(along), patch);
}

}  // namespace

protocol::MutationKind mutation_kind(client::Operation operation) noexcept {
  switch (operation) {
    case client::Operation::create: return protocol::MutationKind::create;
    case client::Operation::update: return protocol::MutationKind::update;
    case client::Operation::remove: break;
  }
  return protocol::MutationKind::remove;
}

protocol::Mutation mutation_of(const client::OutboxEntry& entry, const client::Stored& stored) {
  protocol::Mutation mutation;
  mutation.kind = mutation_kind(entry.operation);
  mutation.key = entry.key;
  mutation.changes = entry.changes;
  mutation.condition = entry.condition;
  if (entry.operation != client::Operation::create) mutation.version = stored.metadata.version;
  if (entry.operation == client::Operation::update && stored.record) {
    mutation.changes = with_whole_sort_keys(*stored.record, std::move(mutation.changes));
  }
  return mutation;
}

}  // namespace holdfast::sync
