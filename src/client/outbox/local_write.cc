#include "client/outbox/local_write.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "client/outbox/image.h"
#include "client/outbox/outbox.h"
#include "client/storage/related_keys.h"
#include "client/storage/stored_form.h"

namespace holdfast::outbox {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::Stored;
using client::Transaction;

bool is_conditional(const Predicate* condition) { return condition != nullptr && !condition->is_always(); }

Error condition_failed(const ModelSchema& model, std::string_view why) {
  return {Code::condition_failed, "the " + model.name + " " + std::string(why) + "; nothing was written"};
}

Result<void> check_condition(const ModelSchema& model, const Predicate* condition, const std::optional<Record>& row) {
  if (!is_conditional(condition)) return {};
  if (!row) return condition_failed(model, "that the condition is about does not exist");
  if (!evaluate(*condition, *row)) return condition_failed(model, "does not satisfy the condition");
  return {};
}

/// Whether the record holds the other one's key, and not the other one the record's.
bool is_reference(const RelationSchema& relation, const ModelSchema& target) {
  return relation.kind != RelationKind::has_many && relation.target_keys == target.primary_key;
}

/// Every row that `record` refers to, and `before` (null for none) did not, is there; or is the record itself.
Result<void> check_parents(Transaction& transaction, const Schema& schema, const Record& record, const Record* before) {
  for (const auto& relation : record.model->relations) {
    const auto* target = schema.model(relation.target);
    if (target == nullptr || !is_reference(relation, *target)) continue;
    const auto key = client::key_in(record, relation.keys);
    if (!key || (before && client::key_in(*before, relation.keys) == key)) continue;
    if (target == record.model && *key == record.key()) continue;
    HOLDFAST_TRY(parent, transaction.find(*target, *key));
    if (parent.record) continue;
    return Error{Code::invalid_argument, "Data integrity error: the " + record.model->name + " would refer by \"" +
                                             relation.name + "\" to the " + target->name + " " + key->text() +
                                             ", which is not in the store; save that first, or open the store without"
                                             " StoreOptions::requires_parents"};
  }
  return {};
}

/// Without the fields that only the service sets.
Patch writable(const ModelSchema& model, Patch patch) {
  std::erase_if(patch, [&model](const FieldChange& change) { return model.fields[change.field].is_read_only; });
  return patch;
}

/// The values as the storage will give them back: observers and the outbox see the same.
void settle(Record& record) {
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    client::to_stored_form(record.model->fields[at], record.values[at]);
  }
}

Patch non_null_fields(const Record& record) {
  Patch patch;
  patch.reserve(record.values.size());
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    if (record.values[at].is_null() || record.model->is_key(record.model->fields[at].name)) continue;
    patch.push_back({at, record.values[at]});
  }
  return patch;
}

/// A row in storage with the entry that announces it.
struct Write {
  Record row;
  Metadata metadata;
  std::optional<Record> original = {};  ///< What it replaced.
  OutboxEntry entry;
};

Result<Record> announce(Transaction& transaction, Write write, Written& written) {
  HOLDFAST_TRY(queued, enqueue(transaction, write.entry, write.metadata));
  written.last_entry = std::max(written.last_entry, queued.value_or(0));
  written.queued.push_back({write.entry.model, std::move(write.entry.key)});
  const auto type = write.original ? ChangeType::updated : ChangeType::inserted;
  written.changes.push_back({type, Origin::local, write.row});
  written.originals.push_back(std::move(write.original));
  return std::move(write.row);
}

/// As it is stored when it is new: without what only the service sets.
void make_new(Record& record) {
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    if (record.model->fields[at].is_read_only) record.values[at] = {};
  }
  settle(record);
}

Result<Record> announce_insertion(Transaction& transaction, Record row, const Metadata& known, Written& written) {
  OutboxEntry entry{.model = row.model, .key = row.key(), .operation = Operation::create,
                    .changes = non_null_fields(row)};
  return announce(transaction, {.row = std::move(row), .metadata = known, .entry = std::move(entry)}, written);
}

Result<Record> update(Transaction& transaction, Stored current, const Save& save, Written& written) {
  const auto& model = *save.record.model;
  auto row = std::move(*current.record);
  auto target = row;
  apply_patch(writable(model, save.changes ? *save.changes : difference(row, save.record)), target);
  settle(target);
  auto changes = difference(row, target);
  if (changes.empty()) return row;
  if (save.schema) {
    HOLDFAST_TRY(referred, check_parents(transaction, *save.schema, target, &row));
  }
  OutboxEntry entry{.model = &model, .key = target.key(), .operation = Operation::update,
                    .changes = std::move(changes), .condition = save.condition ? *save.condition : Predicate{}};
  HOLDFAST_TRY(stored, transaction.put(target, current.metadata));
  return announce(transaction, {std::move(target), current.metadata, std::move(row), std::move(entry)}, written);
}

/// The rows that go when this one does: those that its hasMany and hasOne relations name.
Result<std::vector<Record>> children_of(const Schema& schema, Transaction& transaction, const Record& row) {
  std::vector<Record> children;
  for (const auto& relation : row.model->relations) {
    if (relation.kind == RelationKind::belongs_to) continue;
    const auto* target = schema.model(relation.target);
    HOLDFAST_ASSERT(target != nullptr, "a relation names a model that the schema does not have");
    std::vector<Predicate> parts;
    bool is_linked = true;
    for (std::size_t at = 0; at < relation.keys.size(); ++at) {
      const auto& value = row[relation.keys[at]];
      is_linked = is_linked && !value.is_null();
      parts.push_back(Predicate::compare(relation.target_keys[at], Op::eq, {value}));
    }
    if (!is_linked) continue;
    const Query query{.where = Predicate::all_of(std::move(parts))};
    HOLDFAST_TRY(read, transaction.query(*target, query, [&](Record& child) { children.push_back(child); }));
  }
  return children;
}

Result<void> erase(Transaction& transaction, Record row, const Predicate* condition, Written& written) {
  const auto& model = *row.model;
  auto key = row.key();
  HOLDFAST_TRY(current, transaction.find(model, key));
  HOLDFAST_TRY(erased, transaction.erase(model, key, current.metadata));
  OutboxEntry entry{.model = &model, .key = key, .operation = Operation::remove,
                    .changes = {}, .condition = condition ? *condition : Predicate{}};
  HOLDFAST_TRY(queued, enqueue(transaction, std::move(entry), current.metadata));
  if (queued) {
    written.last_entry = std::max(written.last_entry, *queued);
    written.queued.push_back({&model, std::move(key)});
  } else {
    HOLDFAST_TRY(dropped, drop_image(transaction, model, key));
  }
  written.changes.push_back({ChangeType::removed, Origin::local, std::move(row)});
  written.originals.emplace_back();
  return {};
}

/// The row and everything below it, children before parents. A chain of rows may be as deep as the application made
/// it, hence a stack instead of recursion; `seen` ends cycles.
Result<std::vector<Record>> tree_of(const Schema& schema, Transaction& transaction, Record root) {
  struct Visit {
    Record row;
    bool is_open = false;
  };
  std::set<std::pair<const ModelSchema*, std::string>> seen;
  std::vector<Record> tree;
  std::vector<Visit> visits;
  visits.push_back({std::move(root)});
  while (!visits.empty()) {
    auto& visit = visits.back();
    if (!visit.is_open && seen.emplace(visit.row.model, visit.row.key().text()).second) {
      visit.is_open = true;
      HOLDFAST_TRY(children, children_of(schema, transaction, visit.row));
      for (auto& child : children) visits.push_back({std::move(child)});
      continue;
    }
    if (visit.is_open) tree.push_back(std::move(visit.row));
    visits.pop_back();
  }
  return tree;
}

}  // namespace

Result<Record> save(Transaction& transaction, Save save, Written& written) {
  const auto& model = *save.record.model;
  auto parents =
      save.schema && !save.changes ? check_parents(transaction, *save.schema, save.record, nullptr) : Result<void>();
  if (!parents && parents.error().code != Code::invalid_argument) return std::move(parents).error();
  if (parents && !save.changes && !is_conditional(save.condition)) {
    make_new(save.record);  // No loss for an update, which leaves alone what is taken away here.
    HOLDFAST_TRY(is_new, transaction.insert(save.record));
    if (is_new) return announce_insertion(transaction, std::move(save.record), {}, written);
  }
  HOLDFAST_TRY(current, transaction.find(model, save.record.key()));
  HOLDFAST_TRY(allowed, check_condition(model, save.condition, current.record));
  if (current.record) return update(transaction, std::move(current), save, written);
  if (save.changes) {
    return Error{Code::not_found, "the " + model.name + " was removed meanwhile; save the whole instance to insert it"};
  }
  if (!parents) return std::move(parents).error();
  HOLDFAST_TRY(stored, transaction.put(save.record, current.metadata));
  return announce_insertion(transaction, std::move(save.record), current.metadata, written);
}

Result<bool> remove(const Schema& schema, Transaction& transaction, const Removal& removal, Written& written) {
  HOLDFAST_TRY(current, transaction.find(*removal.model, removal.key));
  if (!current.record) return false;
  HOLDFAST_TRY(allowed, check_condition(*removal.model, removal.condition, current.record));
  HOLDFAST_TRY(tree, tree_of(schema, transaction, std::move(*current.record)));
  for (std::size_t at = 0; at < tree.size(); ++at) {
    const bool is_root = at + 1 == tree.size();
    HOLDFAST_TRY(erased, erase(transaction, std::move(tree[at]), is_root ? removal.condition : nullptr, written));
  }
  return true;
}

}  // namespace holdfast::outbox
