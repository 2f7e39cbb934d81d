// Sender's other half: what becomes of an entry when its answer comes.
#include <algorithm>
#include <utility>

#include "client/outbox/outbox.h"
#include "client/sync/mutation.h"
#include "client/sync/outcome.h"
#include "client/sync/sender.h"
#include "protocol/records.h"

namespace holdfast::sync {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::SyncedRecord;
using protocol::Failure;
using protocol::ReplyError;

/// The record that a refusal or an answer carries; null when there is none that can be read.
std::optional<SyncedRecord> carried(const ModelSchema& model, const Value& item) {
  if (item.is_null()) return std::nullopt;
  auto received = protocol::read_record(model, item);
  if (!received) return std::nullopt;
  return SyncedRecord{std::move(received->record), received->metadata};
}

ReplyError unreadable_reply() {
  ReplyError error;
  error.failure = Failure::malformed;
  error.message = "the service's reply to a change carries no record that can be read";
  return error;
}

void push_changes(Applied applied, Effects& effects) {
  if (!applied.changes.empty()) effects.push_back(effect::Changed{std::move(applied.changes)});
}

/// The service has no record for the changes behind a refused creation to go to.
bool is_unborn(const OutboxEntry& entry, const std::optional<SyncedRecord>& answer) {
  const bool is_there = answer && answer->metadata.version > 0 && !answer->metadata.is_deleted;
  return entry.operation == Operation::create && !is_there;
}

/// Takes what waits behind a creation that will not be into it, conditions aside, since there is no record for them to
/// hold of. False: the record was removed again, and nothing is left to be wanted.
Result<bool> absorb_followers(client::Transaction& transaction, OutboxEntry created) {
  HOLDFAST_TRY(waiting, transaction.entries_of(*created.model, created.key));
  for (auto& next : waiting) {
    if (next.id == created.id) continue;
    if (next.operation == Operation::create) break;
    HOLDFAST_TRY(dropped, transaction.drop(next.id));
    if (next.operation == Operation::remove) return false;
    created.changes = combined(std::move(created.changes), next.changes);
  }
  HOLDFAST_TRY(kept, transaction.rewrite(created));
  return true;
}

/// An answer that is older than everything known.
SyncedRecord unknown_state(const OutboxEntry& entry) {
  auto intent = entry;
  intent.operation = Operation::create;
  return {*outbox::rebased(std::nullopt, {std::move(intent)}), Metadata{}};
}

}  // namespace

Result<void> Sender::on_reply(Time now, ExchangeId id, const Result<HttpResponse>& reply, Effects& effects) {
  const auto node = flights_.extract(id);
  HOLDFAST_ASSERT(!node.empty(), "a reply must be of a request under way");
  wall_ = now.wall;
  const auto& [entry, is_question] = node.mapped();
  look_again_at(entry);
  if (is_question) return on_answer(now, entry, reply, effects);
  auto read = protocol::read_reply(reply, protocol::mutation_field(*entry.model, mutation_kind(entry.operation)));
  if (auto* refusal = std::get_if<ReplyError>(&read)) return on_refusal(now, entry, std::move(*refusal), effects);
  auto answer = carried(*entry.model, std::get<Value>(read));
  if (!answer) return on_refusal(now, entry, unreadable_reply(), effects);
  waits_.settle(entry.id);
  return end(entry, {.answer = std::move(answer), .refusal = std::nullopt}, effects);
}

Result<void> Sender::on_answer(Time now, const OutboxEntry& entry, const Result<HttpResponse>& reply,
                               Effects& effects) {
  const auto read = protocol::read_reply(reply, protocol::get_field(*entry.model));
  const auto question = questions_.at(entry.id);
  const auto refusal = question.is_discard ? std::nullopt : std::optional(question.refusal);
  if (const auto* error = std::get_if<ReplyError>(&read)) {
    const auto deed = outcome_of(error->failure).deed;
    if (deed == Deed::try_again || deed == Deed::ask_later || deed == Deed::try_some) {
      delay(now, entry, *error, effects);
      return {};
    }
    // The service does not let us see the record: what it last said of it is the best we have.
    return end(entry, {.answer = unknown_state(entry), .refusal = refusal}, effects);
  }
  waits_.settle(entry.id);
  auto answer = carried(*entry.model, std::get<Value>(read));
  if (answer && refusal && outcome_of(refusal->failure).deed == Deed::decide) {
    questions_.erase(entry.id);
    return on_conflict(entry, *refusal, std::move(*answer), effects);
  }
  return end(entry, {.answer = std::move(answer), .refusal = refusal}, effects);
}

Result<void> Sender::on_refusal(Time now, const OutboxEntry& entry, ReplyError refusal, Effects& effects) {
  const auto deed = outcome_of(refusal.failure).deed;
  // A reply that is not the service's, such as a gateway's page, says nothing of the change: only if it stays so
  // is the entry given up.
  const bool is_kept = deed == Deed::try_again || deed == Deed::ask_later ||
                       (deed == Deed::try_some && ++attempts_[entry.id] <= attempts_max);
  if (is_kept) {
    delay(now, entry, refusal, effects);
    return {};
  }
  waits_.settle(entry.id);
  auto remote = carried(*entry.model, refusal.data);
  if (!remote) {
    questions_.insert_or_assign(entry.id, Question{std::move(refusal)});
    return {};
  }
  if (deed == Deed::decide) return on_conflict(entry, refusal, std::move(*remote), effects);
  return end(entry, {.answer = std::move(remote), .refusal = std::move(refusal)}, effects);
}

Result<void> Sender::on_conflict(const OutboxEntry& entry, const ReplyError& refusal, SyncedRecord remote,
                                 Effects& effects) {
  if (remote.metadata.is_deleted) {
    // Gone on both sides is what we wanted; an edit of what is gone can not be sent on top of it.
    const bool is_agreed = entry.operation == Operation::remove;
    return end(entry, {.answer = std::move(remote), .refusal = is_agreed ? std::nullopt : std::optional(refusal)},
               effects);
  }
  const int attempts = ++attempts_[entry.id];
  if (!ports_.options.on_conflict || attempts > attempts_max) {
    return end(entry, {.answer = std::move(remote), .refusal = refusal}, effects);
  }
  HOLDFAST_TRY(local, local_record(entry));
  const auto answer = ports_.options.on_conflict(
      Conflict{std::move(local), remote.record, entry.operation == Operation::remove, attempts});
  if (std::holds_alternative<RetryLocal>(answer)) return retry(entry, remote, effects);
  if (std::holds_alternative<Discard>(answer)) {
    discard(entry, refusal);
    return {};
  }
  if (const auto* chosen = std::get_if<Record>(&answer)) return replace(entry, std::move(remote), *chosen, effects);
  return end(entry, {.answer = std::move(remote), .refusal = std::nullopt}, effects);
}

/// The record in the refusal may be old by now: the next pump() asks for the newest, by its whole key.
void Sender::discard(const OutboxEntry& entry, const ReplyError& refusal) {
  questions_.insert_or_assign(entry.id, Question{refusal, true});
}

Result<void> Sender::replace(const OutboxEntry& entry, SyncedRecord remote, const Record& chosen, Effects& effects) {
  if (chosen.model != entry.model || chosen.key() != entry.key) {
    ReplyError error;
    error.failure = Failure::rejected;
    error.message = "the conflict handler answered with another record";
    return end(entry, {.answer = std::move(remote), .refusal = std::move(error)}, effects);
  }
  auto changes = difference(remote.record, chosen);
  std::erase_if(changes, [&entry](const auto& change) { return entry.model->fields[change.field].is_read_only; });
  if (changes.empty()) return end(entry, {.answer = std::move(remote), .refusal = std::nullopt}, effects);
  auto replaced = entry;
  replaced.changes = std::move(changes);
  if (entry.operation != Operation::remove) return retry(replaced, remote, effects);
  replaced.operation = Operation::update;
  replaced.was_sent = false;
  return give_up_removal(entry, std::move(replaced), remote, effects);
}

Result<void> Sender::retry(const OutboxEntry& entry, const SyncedRecord& remote, Effects& effects) {
  Applied applied;
  HOLDFAST_TRY(written, ports_.storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(kept, transaction.rewrite(entry));
    return reground(transaction, ports_.selection, {*entry.model, entry.key}, remote, applied);
  }));
  push_changes(std::move(applied), effects);
  return {};
}

/// An entry can not become another operation: the removal goes, and an update takes its place at the tail.
Result<void> Sender::give_up_removal(const OutboxEntry& removal, OutboxEntry update, const SyncedRecord& remote,
                                     Effects& effects) {
  Applied applied;
  HOLDFAST_TRY(written, ports_.storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(dropped, transaction.drop(removal.id));
    HOLDFAST_TRY(id, transaction.append(update));
    update.id = id;
    return reground(transaction, ports_.selection, {*update.model, update.key}, remote, applied);
  }));
  attempts_[update.id] = attempts_[removal.id];
  attempts_.erase(removal.id);
  push_changes(std::move(applied), effects);
  return {};
}

void Sender::delay(Time now, const OutboxEntry& entry, const ReplyError& error, Effects& effects) {
  const bool is_news = waits_.add(now, entry.id, error);
  if (is_news && outcome_of(error.failure).deed == Deed::ask_later) {
    effects.push_back(effect::Failed{sync_error(error, std::string(name(entry.operation)), entry.model)});
  }
}

Result<void> Sender::end(const OutboxEntry& entry, End end, Effects& effects) {
  std::optional<Record> local;
  if (end.refusal) {
    HOLDFAST_TRY(found, local_record(entry));
    local = std::move(found);
  }
  Applied applied;
  const auto body = [&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(left, leave(transaction, entry, end));
    return reground(transaction, ports_.selection, {*entry.model, entry.key}, end.answer, applied);
  };
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, body));
  attempts_.erase(entry.id);
  questions_.erase(entry.id);
  push_changes(std::move(applied), effects);
  report_end(entry, end, std::move(local), effects);
  HOLDFAST_TRY(left, ports_.storage.outbox_size());
  effects.push_back(effect::Report{OutboxStatus{left == 0}});
  return {};
}

Result<void> Sender::leave(client::Transaction& transaction, const OutboxEntry& entry, End& end) const {
  if (end.refusal && is_unborn(entry, end.answer)) {
    HOLDFAST_TRY(is_wanted, absorb_followers(transaction, entry));
    // Created and removed again: that the service has no such record is what was wanted.
    if (!is_wanted) end.refusal.reset();
  }
  if (!end.refusal) return transaction.drop(entry.id);
  return transaction.bury(entry.id, {.code = outcome_of(end.refusal->failure).code,
                                     .error_type = end.refusal->error_type,
                                     .message = end.refusal->message,
                                     .at = wall_});
}

void Sender::report_end(const OutboxEntry& entry, const End& end, std::optional<Record> local, Effects& effects) const {
  if (!end.refusal) {
    effects.push_back(effect::Report{
        OutboxProcessed{entry.model->name, entry.key, end.answer ? end.answer->metadata : Metadata{}}});
    return;
  }
  auto error = sync_error(*end.refusal, std::string(name(entry.operation)), entry.model);
  error.local = std::move(local);
  error.dead_letter = entry.id;
  effects.push_back(effect::Failed{error});
  effects.push_back(effect::Report{OutboxFailed{std::move(error)}});
}

Result<Record> Sender::local_record(const OutboxEntry& entry) const {
  HOLDFAST_TRY(stored, ports_.storage.find(*entry.model, entry.key));
  if (stored.record) return std::move(*stored.record);
  // Removed since: the change itself is what is left of it.
  auto intent = entry;
  intent.operation = Operation::create;
  return *outbox::rebased(std::nullopt, {std::move(intent)});
}

}  // namespace holdfast::sync
