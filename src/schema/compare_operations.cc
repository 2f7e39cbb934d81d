// Indexes with their queries, and the names of the API's operations. No stored record depends on either.
#include <utility>

#include "schema/compare_parts.h"

namespace holdfast::schema {
namespace {

constexpr const char* only_api = "records are stored the same";

Change change_of(ChangeKind kind, const ModelSchema& model, std::string member) {
  Change change;
  change.kind = kind;
  change.type = model.name;
  change.member = std::move(member);
  change.reason = only_api;
  return change;
}

/// An index without a name is known by its fields.
std::string shown_name(const IndexSchema& index) { return index.name.empty() ? listed(index.fields) : index.name; }

std::string text_of(const IndexSchema& index) {
  return listed(index.fields) + (index.query_field ? " with the query " + *index.query_field : "");
}

void miss_query(Change& change, const IndexSchema& was) {
  if (!was.query_field) return;
  change.old_clients = OldClients::may_fail;
  change.old_clients_reason = "those that call " + *was.query_field + " as it was are refused";
}

Change removed(const ModelSchema& model, const IndexSchema& index) {
  auto change = change_of(ChangeKind::index_removed, model, index.name);
  change.was = text_of(index);
  change.sentence = "The index " + shown_name(index) + " of " + model.name + " is removed";
  change.stands_in_old = true;
  miss_query(change, index);
  return change;
}

Change added(const ModelSchema& model, const IndexSchema& index) {
  auto change = change_of(ChangeKind::index_added, model, index.name);
  change.is = text_of(index);
  change.sentence = "The index " + shown_name(index) + " of " + model.name + " is added";
  return change;
}

void add_index_change(Comparison& out, const ModelSchema& model, const IndexSchema& was, const IndexSchema& is) {
  const bool has_same_query = was.query_field == is.query_field || !was.query_field;
  if (was == is) return;
  auto change = change_of(ChangeKind::index_changed, model, is.name);
  change.was = text_of(was);
  change.is = text_of(is);
  change.sentence = "The index " + shown_name(is) + " of " + model.name + ": " + change.was + " becomes " + change.is;
  const bool takes_less_null = was.is_partition_nullable && !is.is_partition_nullable;
  if (!has_same_query || was.fields != is.fields || takes_less_null) miss_query(change, was);
  out.changes.push_back(std::move(change));
}

using Names = std::vector<std::string>;

struct OperationChange {
  const char* operation;
  Names was;
  Names is;
};

Names one_name(const std::string& name) { return name.empty() ? Names{} : Names{name}; }

std::vector<OperationChange> operations_of(const OperationNames& was, const OperationNames& is) {
  return {{"get", one_name(was.get), one_name(is.get)},          {"list", one_name(was.list), one_name(is.list)},
          {"sync", one_name(was.sync), one_name(is.sync)},       {"create", one_name(was.create), one_name(is.create)},
          {"update", one_name(was.update), one_name(is.update)}, {"delete", one_name(was.remove), one_name(is.remove)},
          {"onCreate", was.on_create, is.on_create},             {"onUpdate", was.on_update, is.on_update},
          {"onDelete", was.on_delete, is.on_delete}};
}

Names missing(const Names& from, const Names& in) {
  Names out;
  for (const auto& name : from) {
    if (std::find(in.begin(), in.end(), name) == in.end()) out.push_back(name);
  }
  return out;
}

}  // namespace

void compare_indexes(Comparison& comparison, const ModelSchema& was, const ModelSchema& is) {
  each_pair(
      was.indexes, is.indexes,
      [&](const IndexSchema& index) { comparison.changes.push_back(removed(was, index)); },
      [&](const IndexSchema& before, const IndexSchema& after) { add_index_change(comparison, is, before, after); },
      [&](const IndexSchema& index) { comparison.changes.push_back(added(is, index)); });
}

void compare_operations(Comparison& comparison, const ModelSchema& was, const ModelSchema& is) {
  for (const auto& [operation, before, after] : operations_of(was.operations, is.operations)) {
    const auto gone = missing(before, after);
    const auto come = missing(after, before);
    if (gone.empty() && come.empty()) continue;
    const auto kind = come.empty()   ? ChangeKind::operation_removed
                      : gone.empty() ? ChangeKind::operation_added
                                     : ChangeKind::operation_renamed;
    auto change = change_of(kind, is, operation);
    change.was = listed(before);
    change.is = listed(after);
    const std::string subject = "The operation " + (gone.empty() ? listed(come) : listed(gone)) + " of " + is.name;
    change.sentence = subject + (come.empty()   ? " is removed"
                                 : gone.empty() ? " is added"
                                                : " becomes " + listed(come));
    if (!gone.empty()) {
      change.old_clients = OldClients::fail;
      change.old_clients_reason = "they call " + listed(gone);
    }
    comparison.changes.push_back(std::move(change));
  }
}

}  // namespace holdfast::schema
