#include "client/sync/verifier.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "client/sync/sync_order.h"

namespace holdfast::sync {

Result<std::vector<Key>> unsent_keys(client::Storage& storage, const ModelSchema& model) {
  constexpr std::size_t entries_read = 500;
  std::set<std::string> known;
  std::vector<Key> keys;
  HOLDFAST_TRY(read, storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    std::int64_t last = 0;
    for (;;) {
      HOLDFAST_TRY(entries, transaction.entries(last, entries_read));
      for (auto& entry : entries) {
        if (entry.model == &model && known.insert(entry.key.text()).second) keys.push_back(std::move(entry.key));
      }
      if (keys.size() > unsent_max) {
        return Error{Code::limit_exceeded, "more than " + std::to_string(unsent_max) + " records have unsent changes"};
      }
      if (entries.size() < entries_read) return {};
      last = entries.back().id;
    }
  }));
  return keys;
}

Result<protocol::Checksum> local_checksum(client::Storage& storage, const Compared& compared,
                                          const std::vector<std::string>& fields, const std::vector<Key>& except) {
  std::set<std::string> excepted;
  for (const auto& key : except) excepted.insert(key.text());
  struct Row {
    Key key;
    std::uint64_t values_hash = 0;
  };
  std::vector<Row> rows;
  HOLDFAST_TRY(read, storage.query(compared.model, {}, [&](Record& row) {
    auto key = row.key();
    const bool is_excepted = !excepted.empty() && excepted.contains(key.text());
    if (is_excepted || !evaluate(compared.where, row)) return;
    rows.push_back({std::move(key), protocol::Checksum::values_hash(row, fields)});
  }));
  protocol::Checksum checksum;
  for (const auto& row : rows) {
    HOLDFAST_TRY(stored, storage.find(compared.model, row.key));
    checksum.add(row.values_hash, stored.metadata.version);
  }
  return checksum;
}

HttpRequest checksum_request(const SyncOptions& options, const protocol::ChecksumQuestion& question) {
  return http_request(options, protocol::write(question), protocol::checksum_path);
}

Result<void> Verifier::start(const std::set<std::string>* models, Effects& effects) {
  cancel();
  found_.clear();
  for (const auto* model : sync_order(ports_.schema)) {
    if (models && !models->contains(model->name)) continue;
    if (!ports_.selection.leaves_alone(*model)) queue_.push_back(model);
  }
  is_running_ = !queue_.empty();
  return is_running_ ? ask(effects) : Result<void>();
}

void Verifier::cancel() {
  is_running_ = false;
  queue_.clear();
  in_flight_ = 0;
  tries_ = 0;
  retry_at_.reset();
  forget_slices();
}

/// The slices of the first model in the queue.
Result<void> Verifier::prepare() {
  const auto& model = *queue_.front();
  remote_ = {};
  HOLDFAST_TRY(unsent, unsent_keys(ports_.storage, model));
  HOLDFAST_TRY(slices, checksum_slices(model, ports_.selection.where(model), unsent));
  unsent_ = std::move(unsent);
  slices_.assign(std::make_move_iterator(slices.begin()), std::make_move_iterator(slices.end()));
  return {};
}

/// The first part of a slice's answer, or the next.
Result<void> Verifier::ask(Effects& effects) {
  const auto& model = *queue_.front();
  if (slices_.empty()) {
    const auto prepared = prepare();
    if (!prepared && prepared.error().code != Code::limit_exceeded) return prepared.error();
    if (!prepared) {
      settle({.model = model.name, .why = prepared.error().message});
      return is_running_ ? ask(effects) : Result<void>();  // As deep as there are models.
    }
  }
  if (!question_.next_token) {
    question_ = {.model = model.name, .where = slices_.front().where, .fields = protocol::summed_fields(model),
                 .except = slices_.front().except};
  }
  in_flight_ = ports_.names.next();
  effects.push_back(effect::Exchange{in_flight_, checksum_request(ports_.options, question_),
                                     ports_.options.request_timeout, &model, ModelOperation::read});
  return {};
}

Result<void> Verifier::on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) {
  in_flight_ = 0;
  const auto read = protocol::read_checksum(reply);
  if (const auto* none = std::get_if<protocol::NoChecksum>(&read)) {
    refuse(now, *none);
  } else {
    const auto& part = std::get<protocol::ChecksumPart>(read);
    backoff_.reset();
    remote_.add(part.checksum);
    question_.next_token = part.next_token;
    if (!part.next_token) slices_.pop_front();
    if (slices_.empty()) {
      HOLDFAST_TRY(compared, compare(now, part));
    }
  }
  return is_running_ && !retry_at_ ? ask(effects) : Result<void>();
}

Result<void> Verifier::compare(Time now, const protocol::ChecksumPart& last) {
  const auto& model = *queue_.front();
  HOLDFAST_TRY(local, local_checksum(ports_.storage, {model, ports_.selection.where(model)}, last.fields, unsent_));
  if (local != remote_ && ++tries_ < tries_max) {
    retry_at_ = now.ticks + pause;
    return {};
  }
  settle({.model = model.name,
          .outcome = local == remote_ ? VerifiedModel::Outcome::same : VerifiedModel::Outcome::differs,
          .local_rows = local.count,
          .remote_rows = remote_.count});
  return {};
}

void Verifier::refuse(Time now, const protocol::NoChecksum& none) {
  forget_slices();
  if (none.is_unknown) {
    while (!queue_.empty()) settle({.model = queue_.front()->name, .why = none.error.message});
    return;
  }
  if (none.may_retry && ++tries_ < tries_max) {
    retry_at_ = now.ticks + backoff_.next();
    return;
  }
  settle({.model = queue_.front()->name, .why = none.error.message});
}

void Verifier::settle(VerifiedModel model) {
  found_.push_back(std::move(model));
  queue_.pop_front();
  tries_ = 0;
  forget_slices();
  if (queue_.empty()) is_running_ = false;
}

/// The first model in the queue is asked about from the beginning, if at all.
void Verifier::forget_slices() {
  slices_.clear();
  unsent_ = {};
  question_ = {};
}

Result<void> Verifier::on_wake(Time now, Effects& effects) {
  if (!is_running_ || !retry_at_ || now.ticks < *retry_at_) return {};
  retry_at_.reset();
  return ask(effects);
}

}  // namespace holdfast::sync
