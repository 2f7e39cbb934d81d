#include "client/sync/sender.h"

#include <algorithm>
#include <utility>

#include "client/outbox/outbox.h"
#include "client/sync/mutation.h"
#include "client/sync/send_order.h"
#include "protocol/records.h"
#include "protocol/signers.h"

namespace holdfast::sync {
namespace {

using client::Operation;
using client::OutboxEntry;
using client::SyncedRecord;
using protocol::Failure;
using protocol::ReplyError;

constexpr std::size_t batch_rows = 64;

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

/// An answer that is older than everything known.
SyncedRecord unknown_state(const OutboxEntry& entry) {
  auto intent = entry;
  intent.operation = Operation::create;
  return {*outbox::rebased(std::nullopt, {std::move(intent)}), Metadata{}};
}

}  // namespace

Sender::Sender(const Ports& ports)
    : ports_(ports), backoff_(ports.random, ports.options.retry_delay_min, ports.options.retry_delay_max) {}

void Sender::start() {
  is_running_ = true;
  retry_at_.reset();
  backoff_.reset();
}

void Sender::reset() {
  is_running_ = false;
  retry_at_.reset();
  flights_.clear();
  attempts_.clear();
  questions_.clear();
}

Result<void> Sender::pump(Time now, Effects& effects) {
  if (!is_running_ || flights_.size() >= window || (retry_at_ && now.ticks < *retry_at_)) return {};
  retry_at_.reset();
  HOLDFAST_TRY(waiting, ports_.storage.outbox_size());
  if (waiting <= flights_.size()) return {};
  std::vector<Chosen> chosen;
  HOLDFAST_TRY(marked, ports_.storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(found, choose(transaction, chosen));
    return mark(transaction, chosen);
  }));
  for (const auto& one : chosen) {
    if (questions_.contains(one.entry.id)) {
      ask(one.entry, effects);
    } else {
      send(one, effects);
    }
  }
  return {};
}

Result<void> Sender::choose(client::Transaction& transaction, std::vector<Chosen>& chosen) const {
  SendOrder order(ports_.schema);
  std::int64_t after = 0;
  for (std::size_t seen = 0; seen < lookahead; seen += batch_rows) {
    HOLDFAST_TRY(entries, transaction.entries(after, batch_rows));
    for (auto& entry : entries) {
      if (flights_.size() + chosen.size() >= window) return {};
      after = entry.id;
      if (!order.admits(entry) || is_under_way(entry.id)) continue;
      HOLDFAST_TRY(stored, transaction.find(*entry.model, entry.key));
      chosen.push_back({std::move(entry), std::move(stored)});
    }
    if (entries.size() < batch_rows) break;
  }
  return {};
}

/// Marks what is about to leave, and with it what comes next: a long outbox costs one sync of the disk a batch.
Result<void> Sender::mark(client::Transaction& transaction, std::vector<Chosen>& chosen) {
  std::int64_t last_unmarked = 0;
  for (auto& one : chosen) {
    if (one.entry.was_sent) continue;
    one.entry.was_sent = true;
    last_unmarked = one.entry.id;
    HOLDFAST_TRY(marked, transaction.rewrite(one.entry));
  }
  if (last_unmarked == 0) return {};
  HOLDFAST_TRY(next, transaction.entries(last_unmarked, batch_rows));
  for (auto& entry : next) {
    if (entry.was_sent) continue;
    entry.was_sent = true;
    HOLDFAST_TRY(marked, transaction.rewrite(entry));
  }
  return {};
}

void Sender::send(const Chosen& chosen, Effects& effects) {
  const auto mutation = mutation_of(chosen.entry, chosen.stored);
  auto http = http_request(ports_.options, protocol::mutation_request(ports_.schema, *chosen.entry.model, mutation));
  http.headers.emplace_back(protocol::mutation_id_header, device_ + ":" + std::to_string(chosen.entry.id));
  const auto id = ports_.names.next();
  flights_.emplace(id, Flight{chosen.entry, false});
  effects.push_back(effect::Exchange{id, std::move(http), ports_.options.request_timeout});
}

void Sender::ask(const OutboxEntry& entry, Effects& effects) {
  const auto request = protocol::get_request(ports_.schema, *entry.model, entry.key);
  const auto id = ports_.names.next();
  flights_.emplace(id, Flight{entry, true});
  effects.push_back(effect::Exchange{id, http_request(ports_.options, request), ports_.options.request_timeout});
}

bool Sender::is_under_way(std::int64_t entry) const {
  return std::any_of(flights_.begin(), flights_.end(), [entry](const auto& one) { return one.second.entry.id == entry; });
}

Result<void> Sender::on_reply(Time now, ExchangeId id, const Result<HttpResponse>& reply, Effects& effects) {
  const auto node = flights_.extract(id);
  HOLDFAST_ASSERT(!node.empty(), "a reply must be of a request under way");
  const auto& [entry, is_question] = node.mapped();
  if (is_question) return on_answer(now, entry, reply, effects);
  auto read = protocol::read_reply(reply, protocol::mutation_field(*entry.model, mutation_kind(entry.operation)));
  if (auto* refusal = std::get_if<ReplyError>(&read)) return on_refusal(now, entry, std::move(*refusal), effects);
  auto answer = carried(*entry.model, std::get<Value>(read));
  if (!answer) return on_refusal(now, entry, unreadable_reply(), effects);
  backoff_.reset();
  return end(entry, {.answer = std::move(answer), .refusal = std::nullopt}, effects);
}

Result<void> Sender::on_answer(Time now, const OutboxEntry& entry, const Result<HttpResponse>& reply,
                               Effects& effects) {
  const auto read = protocol::read_reply(reply, protocol::get_field(*entry.model));
  if (const auto* error = std::get_if<ReplyError>(&read)) {
    const bool may_pass = error->failure == Failure::transient || error->failure == Failure::malformed ||
                          error->failure == Failure::unauthorized;
    if (may_pass) {
      delay(now, entry, *error, effects);
      return {};
    }
    // The service does not let us see the record: what it last said of it is the best we have.
    return end(entry, {.answer = unknown_state(entry), .refusal = questions_.at(entry.id)}, effects);
  }
  backoff_.reset();
  return end(entry, {.answer = carried(*entry.model, std::get<Value>(read)), .refusal = questions_.at(entry.id)},
             effects);
}

Result<void> Sender::on_refusal(Time now, const OutboxEntry& entry, ReplyError refusal, Effects& effects) {
  if (refusal.failure == Failure::transient || refusal.failure == Failure::unauthorized) {
    delay(now, entry, refusal, effects);
    return {};
  }
  // A reply that is not the service's, such as a gateway's page, says nothing of the change: only if it stays so
  // is the entry given up.
  if (refusal.failure == Failure::malformed && ++attempts_[entry.id] <= attempts_max) {
    delay(now, entry, refusal, effects);
    return {};
  }
  auto remote = carried(*entry.model, refusal.data);
  if (!remote) {
    questions_.emplace(entry.id, std::move(refusal));
    return {};
  }
  backoff_.reset();
  if (refusal.failure == Failure::conflict) return on_conflict(entry, refusal, std::move(*remote), effects);
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
  if (const auto* chosen = std::get_if<Record>(&answer)) return replace(entry, std::move(remote), *chosen, effects);
  return end(entry, {.answer = std::move(remote), .refusal = std::nullopt}, effects);
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
    return reground(transaction, *entry.model, entry.key, remote, applied);
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
    return reground(transaction, *update.model, update.key, remote, applied);
  }));
  attempts_[update.id] = attempts_[removal.id];
  attempts_.erase(removal.id);
  push_changes(std::move(applied), effects);
  return {};
}

void Sender::delay(Time now, const OutboxEntry& entry, const ReplyError& error, Effects& effects) {
  // Requests under way together fail together: one delay is for all of them.
  if (retry_at_ && now.ticks < *retry_at_) return;
  const bool is_refused = error.failure == Failure::unauthorized;
  retry_at_ = now.ticks + (is_refused ? backoff_.longest() : backoff_.next());
  if (is_refused) {
    effects.push_back(effect::Failed{{.error = error_of(error), .operation = std::string(name(entry.operation)),
                                      .model = entry.model->name, .error_type = error.error_type,
                                      .local = std::nullopt}});
  }
}

Result<void> Sender::end(const OutboxEntry& entry, End end, Effects& effects) {
  std::optional<Record> local;
  if (end.refusal) {
    HOLDFAST_TRY(found, local_record(entry));
    local = std::move(found);
  }
  Applied applied;
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(dropped, transaction.drop(entry.id));
    return reground(transaction, *entry.model, entry.key, end.answer, applied);
  }));
  attempts_.erase(entry.id);
  questions_.erase(entry.id);
  push_changes(std::move(applied), effects);
  report_end(entry, end, std::move(local), effects);
  HOLDFAST_TRY(left, ports_.storage.outbox_size());
  effects.push_back(effect::Report{OutboxStatus{left == 0}});
  return {};
}

void Sender::report_end(const OutboxEntry& entry, const End& end, std::optional<Record> local, Effects& effects) const {
  if (!end.refusal) {
    effects.push_back(effect::Report{
        OutboxProcessed{entry.model->name, entry.key, end.answer ? end.answer->metadata : Metadata{}}});
    return;
  }
  SyncError error{.error = error_of(*end.refusal), .operation = std::string(name(entry.operation)),
                  .model = entry.model->name, .error_type = end.refusal->error_type, .local = std::move(local)};
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
