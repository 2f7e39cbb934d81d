#include "base/json.h"
#include "capi/answer.h"
#include "capi/forms.h"

namespace holdfast::capi {
namespace {

Value number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

Object error_form(const SyncError& failed) {
  Object out{{"operation", failed.operation},
             {"model", failed.model},
             {"code", std::int64_t{number_of(failed.error.code)}},
             {"message", failed.error.message},
             {"errorType", failed.error_type},
             {"recovery", failed.recovery},
             {"deadLetter", failed.dead_letter}};
  if (failed.local) out.append("record", form_of(*failed.local));
  return out;
}

/// What an event says beside its name.
struct Details {
  Object out;

  void operator()(const NetworkStatus& status) { out.append("isActive", status.is_active); }
  void operator()(const SyncQueriesStarted& started) {
    out.append("models", List(started.models.begin(), started.models.end()));
  }
  void operator()(const ModelSynced& synced) {
    out.append("model", synced.model);
    out.append("isFullSync", synced.is_full_sync);
    out.append("inserted", number(synced.inserted));
    out.append("updated", number(synced.updated));
    out.append("removed", number(synced.removed));
    out.append("isTruncated", synced.is_truncated);
  }
  void operator()(const SyncProgress& progress) {
    out.append("model", progress.model);
    out.append("isFullSync", progress.is_full_sync);
    out.append("records", number(progress.records));
    out.append("modelsDone", number(progress.models_done));
    out.append("modelsTotal", number(progress.models_total));
  }
  void operator()(const OutboxStatus& status) { out.append("isEmpty", status.is_empty); }
  void operator()(const OutboxEnqueued& entry) { name(entry.model, entry.key); }
  void operator()(const OutboxProcessed& entry) {
    name(entry.model, entry.key);
    out.append("version", entry.metadata.version);
  }
  void operator()(const Verified& verified) {
    List models;
    for (const auto& model : verified.models) {
      models.emplace_back(Object{{"model", model.model},
                                 {"outcome", name(model.outcome)},
                                 {"localRows", number(model.local_rows)},
                                 {"remoteRows", number(model.remote_rows)},
                                 {"why", model.why}});
    }
    out.append("models", std::move(models));
  }
  void operator()(const OutboxFailed& failed) { out.append("error", error_form(failed.error)); }
  void operator()(const SubscriptionsEstablished&) {}
  void operator()(const SyncQueriesReady&) {}
  void operator()(const Ready&) {}

 private:
  static std::string_view name(VerifiedModel::Outcome outcome) { return holdfast::name(outcome); }
  void name(const std::string& model, const Key& key) {
    out.append("model", model);
    out.append("key", key.parts);
  }
};

}  // namespace

Object form_of(const Record& record) {
  Object out;
  out.reserve(record.values.size());
  for (std::size_t at = 0; at < record.values.size(); ++at)
    out.append(record.model->fields[at].name, record.values[at]);
  return out;
}

std::string text_of(const Record& record) { return json::write(form_of(record)); }

std::string text_of(const Metadata& metadata) {
  return json::write(Object{{"version", metadata.version},
                            {"lastChangedAt", epoch_ms(metadata.last_changed_at)},
                            {"isDeleted", metadata.is_deleted}});
}

std::string text_of(const SyncEvent& event) {
  Details details{Object{{"event", name(event)}}};
  std::visit(details, event);
  return json::write(std::move(details.out));
}

std::string text_of(const SyncError& error) { return json::write(error_form(error)); }

std::string text_of(const std::vector<DeadLetter>& letters) {
  List out;
  for (const auto& letter : letters) {
    Object changes;
    for (const auto& change : letter.changes) {
      changes.append(letter.record.model->fields[change.field].name, change.value);
    }
    out.emplace_back(Object{{"id", letter.id},
                            {"operation", letter.operation},
                            {"model", letter.record.model->name},
                            {"key", letter.record.key().parts},
                            {"changes", std::move(changes)},
                            {"code", std::int64_t{number_of(letter.error.code)}},
                            {"message", letter.error.message},
                            {"errorType", letter.error_type},
                            {"refusedAt", epoch_ms(letter.refused_at)}});
  }
  return json::write(std::move(out));
}

std::string text_of(const Conflict& conflict) {
  return json::write(Object{{"model", conflict.local.model->name},
                            {"local", form_of(conflict.local)},
                            {"remote", form_of(conflict.remote)},
                            {"isDelete", conflict.is_delete},
                            {"attempts", conflict.attempts}});
}

}  // namespace holdfast::capi
