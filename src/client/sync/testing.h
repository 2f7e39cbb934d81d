// What the tests of the sync machines share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "client/outbox/local_write.h"
#include "client/storage/memory/memory_storage.h"
#include "client/sync/engine.h"
#include "client/sync/ports.h"
#include "client/testing.h"

namespace holdfast::sync::testing {

using client::testing::key;
using client::testing::metadata;
using client::testing::record;

/// A storage of the blog schema and everything a machine stands on.
struct World {
  Schema schema = client::testing::blog_schema();
  const ModelSchema& post = *schema.model("Post");
  const ModelSchema& comment = *schema.model("Comment");
  std::unique_ptr<client::Storage> storage = client::memory_storage(schema);
  client::testing::CountingRandom random;
  SyncOptions options = [] {
    SyncOptions defaults;
    defaults.endpoint = "http://127.0.0.1:1/graphql";
    return defaults;
  }();
  Names names;
  Selection selection;
  Time now{Tick{}, from_epoch_ms(1'800'000'000'000)};

  [[nodiscard]] Ports ports() { return {schema, *storage, random, silent_log(), options, names, selection}; }
  void advance(Milliseconds by) {
    now.ticks += by;
    now.wall += by;
  }
  outbox::Written save(const Record& row, Predicate condition = {}) {
    outbox::Written written;
    const auto done = storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(saved, outbox::save(transaction, {row, nullptr, &condition}, written));
      return {};
    });
    HOLDFAST_ASSERT(done.has_value(), "the test's save succeeds");
    return written;
  }
  outbox::Written remove(const ModelSchema& model, const std::string& id) {
    outbox::Written written;
    const auto done = storage->write([&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(removed, outbox::remove(schema, transaction, {&model, key(id), nullptr}, written));
      return {};
    });
    HOLDFAST_ASSERT(done.has_value(), "the test's removal succeeds");
    return written;
  }
  void synced(const Record& row, std::int64_t version) {
    const auto done = storage->write([&](client::Transaction& transaction) { return transaction.put(row, metadata(version)); });
    HOLDFAST_ASSERT(done.has_value(), "the test's row is stored");
  }
  std::optional<Record> row(const ModelSchema& model, const std::string& id) { return storage->find(model, key(id))->record; }
  Record post_of(const char* id, const char* title, Value rating = {}) {
    return record(post, {{"id", id}, {"title", title}, {"rating", std::move(rating)}});
  }
};

/// Every effect of one kind, in order.
template <class Kind>
std::vector<Kind> all(const Effects& effects) {
  std::vector<Kind> found;
  for (const auto& effect : effects) {
    if (const auto* one = std::get_if<Kind>(&effect)) found.push_back(*one);
  }
  return found;
}

/// The names of the reported events, in order.
inline std::vector<std::string> reports(const Effects& effects) {
  std::vector<std::string> names;
  for (const auto& report : all<effect::Report>(effects)) names.emplace_back(name(report.what));
  return names;
}

inline Value body(const effect::Exchange& exchange) { return *json::parse(exchange.request.body); }
inline Value variables(const effect::Exchange& exchange) { return body(exchange)["variables"]; }

/// A record as the service writes it.
inline Value item(const Record& row, std::int64_t version, bool is_deleted = false) {
  return protocol::write_record(row, metadata(version, is_deleted));
}

inline HttpResponse page(const std::string& field, List items, Value next_token = {}, std::int64_t started_at = 1000) {
  return client::testing::json_response(Object{
      {field, Object{{"items", std::move(items)}, {"nextToken", std::move(next_token)}, {"startedAt", started_at}}}});
}

}  // namespace holdfast::sync::testing
