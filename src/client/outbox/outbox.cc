#include "client/outbox/outbox.h"

#include <utility>

#include "model/keyed.h"

namespace holdfast::outbox {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::Transaction;
using Entries = std::vector<OutboxEntry>;

bool may_merge(const OutboxEntry& entry) { return !entry.was_sent && entry.condition.is_always(); }

Result<std::optional<std::int64_t>> append(Transaction& transaction, const OutboxEntry& entry) {
  HOLDFAST_TRY(id, transaction.append(entry));
  return std::optional(id);
}

Result<std::optional<std::int64_t>> merge_into(Transaction& transaction, OutboxEntry target, const Patch& changes) {
  target.changes = combined(std::move(target.changes), changes);
  HOLDFAST_TRY(rewritten, transaction.rewrite(target));
  return std::optional(target.id);
}

/// What is left of the record's queue once a remove has swallowed the unsent changes before it.
struct Swallowed {
  Entries left;
  bool has_create = false;
};

Result<Swallowed> swallow(Transaction& transaction, Entries waiting) {
  Swallowed swallowed{std::move(waiting)};
  auto& left = swallowed.left;
  while (!left.empty() && may_merge(left.back()) && left.back().operation != Operation::remove) {
    HOLDFAST_TRY(dropped, transaction.drop(left.back().id));
    swallowed.has_create = left.back().operation == Operation::create;
    left.pop_back();
    if (swallowed.has_create) break;
  }
  return swallowed;
}

Result<std::optional<std::int64_t>> enqueue_remove(Transaction& transaction, const OutboxEntry& entry, Entries waiting,
                                                   const Metadata& known) {
  if (!entry.condition.is_always()) return append(transaction, entry);
  HOLDFAST_TRY(swallowed, swallow(transaction, std::move(waiting)));
  const auto& left = swallowed.left;
  const bool is_removed_before =
      !left.empty() && left.back().operation == Operation::remove && left.back().condition.is_always();
  if (is_removed_before && (swallowed.has_create || may_merge(left.back()))) return std::optional(left.back().id);
  const bool service_has_it = known.version > 0 && !known.is_deleted;
  if (swallowed.has_create && left.empty() && !service_has_it) return std::optional<std::int64_t>();
  return append(transaction, entry);
}

}  // namespace

Result<std::optional<std::int64_t>> enqueue(Transaction& transaction, const OutboxEntry& entry, const Metadata& known) {
  // Nothing that waits absorbs a create: an unsent create would have kept the row visible (invariant 1).
  if (entry.operation == Operation::create) return append(transaction, entry);
  HOLDFAST_TRY(waiting, transaction.entries_of(*entry.model, entry.key));
  if (entry.operation == Operation::remove) {
    return enqueue_remove(transaction, entry, std::move(waiting), known);
  }
  if (waiting.empty()) return append(transaction, entry);
  auto& last = waiting.back();
  if (last.operation == Operation::remove) {
    return Error{Code::not_found, "the " + entry.model->name + " was removed: save it as a new one to bring it back"};
  }
  const bool merges = may_merge(last) && entry.condition.is_always();
  return merges ? merge_into(transaction, last, entry.changes) : append(transaction, entry);
}

std::optional<Record> rebased(std::optional<Record> ground, const Entries& entries) {
  for (const auto& entry : entries) {
    if (entry.operation == Operation::remove) {
      ground.reset();
      continue;
    }
    if (!ground && entry.operation == Operation::update) continue;
    if (!ground) ground = keyed_record(*entry.model, entry.key);
    apply_patch(entry.changes, *ground);
  }
  return ground;
}

}  // namespace holdfast::outbox
