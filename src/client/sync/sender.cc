#include "client/sync/sender.h"

#include <algorithm>
#include <utility>

#include "client/sync/mutation.h"
#include "client/sync/send_order.h"
#include "protocol/signers.h"

namespace holdfast::sync {
namespace {

using client::OutboxEntry;

/// Marked in one transaction with those that leave.
constexpr std::size_t marked_rows = 64;
/// Read at once to find those that leave: what is under way, and as many behind it.
constexpr std::size_t batch_rows = 2 * Sender::window;

ModelOperation authorized_as(client::Operation operation) {
  switch (operation) {
    case client::Operation::create: return ModelOperation::create;
    case client::Operation::update: return ModelOperation::update;
    case client::Operation::remove: return ModelOperation::remove;
  }
  return ModelOperation::update;
}

}  // namespace

void Sender::start() {
  is_running_ = true;
  waits_.clear();
  search_.reset();
}

void Sender::reset() {
  is_running_ = false;
  waits_.clear();
  search_.reset();
  flights_.clear();
  attempts_.clear();
  questions_.clear();
}

bool Sender::has_under_way(const ModelSchema& model, const Key& key) const {
  return std::any_of(flights_.begin(), flights_.end(), [&](const auto& one) {
    return one.second.entry.model->name == model.name && one.second.entry.key == key;
  });
}

Result<void> Sender::pump(Time now, Effects& effects) {
  if (waits_.end_until(now.ticks)) search_.reset();
  if (!is_running_ || flights_.size() >= window || waits_.holds_all()) return {};
  HOLDFAST_TRY(waiting, ports_.storage.outbox_size());
  if (waiting <= flights_.size()) return {};
  const bool is_long = waiting > flights_.size() + window;
  if (is_long && window - flights_.size() < refill) return {};
  std::vector<Chosen> chosen;
  bool is_more = false;
  HOLDFAST_TRY(marked, ports_.storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(found, choose(transaction, chosen));
    is_more = found;
    return mark(transaction, chosen);
  }));
  for (const auto& one : chosen) {
    if (questions_.contains(one.entry.id)) {
      ask(one.entry, effects);
    } else {
      send(one, effects);
    }
  }
  if (is_more) effects.push_back(effect::Continue{});
  return {};
}

/// Whether there is more to be looked at, in a transaction of its own.
Result<bool> Sender::choose(client::Transaction& transaction, std::vector<Chosen>& chosen) {
  const bool may_search = waits_.size() < waiting_max;
  if (!may_search) search_.reset();
  HOLDFAST_TRY(is_more, search_ ? look_far(transaction, chosen) : look_near(transaction, chosen));
  return is_more && may_search;
}

Result<bool> Sender::look_near(client::Transaction& transaction, std::vector<Chosen>& chosen) {
  SendOrder order(ports_.schema);
  std::int64_t after = 0;
  const auto admits = [&](const OutboxEntry& entry) -> Result<bool> {
    return order.admits(entry) && may_leave(entry.id);
  };
  HOLDFAST_TRY(is_more, look(transaction, after, admits, chosen));
  // What is behind those that leave now is looked at when they are answered.
  if (!is_more || !chosen.empty() || !flights_.empty()) return false;
  search_.emplace(FarSendOrder(ports_.schema, order), after);
  return true;
}

Result<bool> Sender::look_far(client::Transaction& transaction, std::vector<Chosen>& chosen) {
  auto& order = search_->order;
  const auto admits = [&](const OutboxEntry& entry) -> Result<bool> {
    const bool may_leave_alone = may_leave(entry.id);
    HOLDFAST_TRY(is_admitted, may_leave_alone ? order.admits(transaction, entry) : Result<bool>(false));
    order.pass(entry);
    return is_admitted;
  };
  return look(transaction, search_->after, admits, chosen);
}

/// At some entries behind `after`, which becomes the last of them. False: there are no more, or enough are chosen.
Result<bool> Sender::look(client::Transaction& transaction, std::int64_t& after, const Admits& admits,
                          std::vector<Chosen>& chosen) const {
  for (std::size_t seen = 0; seen < lookahead; seen += batch_rows) {
    HOLDFAST_TRY(entries, transaction.entries(after, batch_rows));
    for (auto& entry : entries) {
      if (flights_.size() + chosen.size() >= window) return false;
      after = entry.id;
      HOLDFAST_TRY(is_admitted, admits(entry));
      if (!is_admitted) continue;
      HOLDFAST_TRY(stored, transaction.find(*entry.model, entry.key));
      chosen.push_back({std::move(entry), std::move(stored)});
    }
    if (entries.size() < batch_rows) return false;
  }
  return true;
}

/// It was answered: it may leave again, or what waited for it may.
void Sender::look_again_at(const OutboxEntry& entry) {
  if (!search_) return;
  // Of removals the search knows the models only, not how many there are.
  if (entry.operation == client::Operation::remove) return search_.reset();
  search_->after = std::min(search_->after, entry.id - 1);
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
  HOLDFAST_TRY(next, transaction.entries(last_unmarked, marked_rows));
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
  effects.push_back(effect::Exchange{id, std::move(http), ports_.options.request_timeout, chosen.entry.model,
                                     authorized_as(chosen.entry.operation)});
}

void Sender::ask(const OutboxEntry& entry, Effects& effects) {
  const auto request = protocol::get_request(ports_.schema, *entry.model, entry.key);
  const auto id = ports_.names.next();
  flights_.emplace(id, Flight{entry, true});
  effects.push_back(effect::Exchange{id, http_request(ports_.options, request), ports_.options.request_timeout,
                                     entry.model, ModelOperation::read});
}

/// Neither under way nor waiting.
bool Sender::may_leave(std::int64_t entry) const {
  if (waits_.holds(entry)) return false;
  return std::none_of(flights_.begin(), flights_.end(),
                      [entry](const auto& one) { return one.second.entry.id == entry; });
}

}  // namespace holdfast::sync
