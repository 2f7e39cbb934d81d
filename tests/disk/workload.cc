#include "tests/disk/workload.h"

#include <utility>

#include "client/outbox/local_write.h"
#include "client/storage/forwarding_testing.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/sync/reconciler.h"
#include "client/testing.h"
#include "sqlite/connection.h"

namespace holdfast::disk {
namespace {

using client::Commit;
using client::testing::key;
using client::testing::metadata;
using client::testing::record;

const Schema& schema() {
  static const Schema blog = client::testing::blog_schema();
  return blog;
}
const ModelSchema& post() { return schema().models[0]; }
const ModelSchema& comment() { return schema().models[1]; }

/// Few, so that the workload reaches many checkpoints.
constexpr int checkpoint_pages = 24;

/// The device's storage, which tells of each commit.
class WitnessedStorage final : public client::testing::ForwardingStorage {
 public:
  WitnessedStorage(std::unique_ptr<client::Storage> inner, const std::function<void(Commit)>& on_commit)
      : ForwardingStorage(std::move(inner)), on_commit_(on_commit) {}

  Result<void> write(Commit commit, const Body& body) override { return told(commit, ForwardingStorage::write(commit, body)); }
  Result<void> clear() override { return told(Commit::durable, ForwardingStorage::clear()); }

 private:
  Result<void> told(Commit commit, Result<void> done) const {
    if (done && on_commit_) on_commit_(commit);
    return done;
  }

  const std::function<void(Commit)>& on_commit_;
};

Record post_of(const std::string& id, int rating) {
  const auto title = id + " " + std::string(static_cast<std::size_t>(200 + rating * 150), 'x');
  return record(post(), {{"id", id}, {"title", title}, {"rating", rating}, {"tags", List{"a", id}}});
}

Record comment_of(const std::string& id, const std::string& on) {
  return record(comment(), {{"id", id}, {"content", "on " + on}, {"postCommentsId", on}});
}

// --- steps ---------------------------------------------------------------------------------------------------

Step save(Record row) {
  const auto name = "save " + row.key().text();
  return {name, [row = std::move(row)](Bench& bench) -> Result<void> {
            HOLDFAST_TRY(saved, bench.device().save(row, nullptr, {}));
            return {};
          }};
}

Step edit(const std::string& id, int rating) {
  return {"edit " + id, [id, rating](Bench& bench) -> Result<void> {
            HOLDFAST_TRY(found, bench.device().find(post(), key(id)));
            if (!found) return Error{Code::not_found, id + " is gone"};
            auto target = post_of(id, rating);
            const auto changes = difference(*found, target);
            HOLDFAST_TRY(saved, bench.device().save(std::move(target), &changes, {}));
            return {};
          }};
}

Step remove(const std::string& id) {
  return {"remove " + id, [id](Bench& bench) -> Result<void> {
            HOLDFAST_TRY(removed, bench.device().remove(post_of(id, 0), {}));
            return {};
          }};
}

Step together(const std::string& id, bool is_undone) {
  return {(is_undone ? "undo a transaction of " : "transaction of ") + id, [id, is_undone](Bench& bench) -> Result<void> {
            auto done = bench.device().transaction([&](Transaction& open) -> Result<void> {
              HOLDFAST_TRY(parent, open.save_record(post_of(id, 9), nullptr, {}));
              HOLDFAST_TRY(one, open.save_record(comment_of(id + "-1", id), nullptr, {}));
              HOLDFAST_TRY(two, open.save_record(comment_of(id + "-2", id), nullptr, {}));
              return is_undone ? Result<void>(Error{Code::conflict, "thought better of it"}) : Result<void>();
            });
            const bool is_as_meant = is_undone && !done && done.error().code == Code::conflict;
            return is_as_meant ? Result<void>() : done;
          }};
}

Step batch(const std::string& prefix, int rows) {
  return {"batch " + prefix, [prefix, rows](Bench& bench) {
            return bench.device().transaction([&](Transaction& open) -> Result<void> {
              for (int row = 0; row < rows; ++row) {
                HOLDFAST_TRY(saved, open.save_record(post_of(prefix + std::to_string(row), row % 10), nullptr, {}));
              }
              return {};
            });
          }};
}

Step remove_rated_above(int rating) {
  return {"remove rating > " + std::to_string(rating), [rating](Bench& bench) -> Result<void> {
            HOLDFAST_TRY(gone, bench.device().remove_where(post(), Predicate::compare("rating", Op::gt, {rating})));
            return {};
          }};
}

/// What the sender does before a request leaves.
Step mark() {
  return {"mark the head", [](Bench& bench) {
            return bench.storage().write([](client::Transaction& open) -> Result<void> {
              HOLDFAST_TRY(entries, open.entries(0, 1));
              if (entries.empty()) return {};
              entries[0].was_sent = true;
              return open.rewrite(entries[0]);
            });
          }};
}

/// What the sender does with the reply.
Step acknowledge() {
  return {"acknowledge the head", [](Bench& bench) {
            return bench.storage().write(Commit::lazy, [](client::Transaction& open) -> Result<void> {
              HOLDFAST_TRY(entries, open.entries(0, 1));
              if (entries.empty()) return {};
              const auto& entry = entries[0];
              HOLDFAST_TRY(stored, open.find(*entry.model, entry.key));
              const bool is_removal = entry.operation == client::Operation::remove;
              auto answer = stored.record ? *stored.record : Record(*entry.model);
              if (!stored.record) answer["id"] = entry.key.parts[0];
              HOLDFAST_TRY(dropped, open.drop(entry.id));
              sync::Applied applied;
              return sync::reground(open, sync::Selection(), {*entry.model, entry.key},
                                    client::SyncedRecord{answer, metadata(stored.metadata.version + 1, is_removal)}, applied);
            });
          }};
}

Step page(const std::string& prefix, std::int64_t version, bool is_deleted) {
  return {"page " + prefix, [prefix, version, is_deleted](Bench& bench) {
            return bench.storage().write(Commit::lazy, [&](client::Transaction& open) -> Result<void> {
              std::vector<client::SyncedRecord> rows;
              for (int row = 0; row < 6; ++row) {
                rows.push_back({post_of(prefix + std::to_string(row), row), metadata(version, is_deleted)});
              }
              sync::Applied applied;
              HOLDFAST_TRY(done, sync::reconcile_page(open, sync::Selection(), std::move(rows), applied));
              return open.set_setting("sync:Post", std::to_string(version));
            });
          }};
}

Step reopen() {
  return {"reopen", [](Bench& bench) {
            bench.close();
            return bench.open();
          }};
}

Step clear() {
  return {"clear", [](Bench& bench) { return bench.device().clear(); }};
}

}  // namespace

Result<void> Bench::open() {
  HOLDFAST_TRY(opened, client::open_sqlite_storage(schema(), {.path = options_.path,
                                                              .syncs_every_commit = options_.syncs_every_commit,
                                                              .checkpoint_pages = checkpoint_pages}));
  DevicePorts ports;
  ports.clock = std::make_shared<client::testing::HandClock>();
  ports.random = std::make_shared<client::testing::CountingRandom>();
  ports.log = std::shared_ptr<Log>(std::shared_ptr<Log>(), &silent_log());
  ports.storage = std::make_unique<WitnessedStorage>(std::move(opened), options_.on_commit);
  storage_ = ports.storage.get();
  device_ = std::make_unique<Device>(schema(), std::move(ports), StoreOptions{});
  return {};
}

std::vector<Step> steps() {
  std::vector<Step> all;
  for (int at = 0; at < 5; ++at) all.push_back(save(post_of("p" + std::to_string(at), at)));
  for (int at = 0; at < 3; ++at) all.push_back(save(comment_of("c" + std::to_string(at), "p1")));
  for (auto& step : std::vector<Step>{
           edit("p1", 7), mark(), acknowledge(), mark(), acknowledge(), together("t", false), together("u", true),
           edit("p0", 3), page("s", 2, false), acknowledge(), mark(), acknowledge(), batch("b", 20), remove("p1"),
           reopen(), acknowledge(), acknowledge(), edit("s2", 8), mark(), page("s", 3, false), acknowledge(),
           remove_rated_above(6), page("s", 9, true), save(post_of("p1", 2)), batch("d", 12), reopen(), remove("p0"),
           acknowledge(), acknowledge(), clear(), save(post_of("p0", 1)), page("s", 10, false), remove("p0"), reopen(),
           save(post_of("last", 5))}) {
    all.push_back(std::move(step));
  }
  return all;
}

// --- what is in the file -------------------------------------------------------------------------------------

std::string content_of(const std::string& path) {
  auto file = sqlite::Connection::open({.path = path}).value();
  auto tables = file.prepare("SELECT m.name, group_concat('quote(\"' || c.name || '\")', '||'',''||') FROM sqlite_master AS m,"
                             " pragma_table_info(m.name) AS c WHERE m.type = 'table' GROUP BY m.name ORDER BY m.name")
                    .value();
  std::string content;
  while (*tables.step()) {
    const std::string table(tables.column_text(0));
    auto rows = file.prepare("SELECT " + std::string(tables.column_text(1)) + " FROM \"" + table + "\" ORDER BY 1").value();
    content += table + "\n";
    while (*rows.step()) content += "  " + std::string(rows.column_text(0)) + "\n";
  }
  return content;
}

std::string damage_of(const std::string& path) {
  auto file = sqlite::Connection::open({.path = path}).value();
  const auto whole = file.text_of("PRAGMA integrity_check").value().value();
  if (whole != "ok") return whole;
  std::string damage;
  const auto expect_none = [&](const std::string& what, const std::string& rows) {
    const auto count = file.integer_of("SELECT count(*) FROM " + rows).value();
    if (count != 0) damage += std::to_string(count) + " " + what + "\n";
  };
  for (const std::string model : {"Post", "Comment"}) {
    const auto of_row = "model = '" + model + "' AND key = json_array(m.id)";
    expect_none(model + " rows that nobody will send", model + " AS m WHERE _version = 0 AND NOT EXISTS (SELECT 1 FROM"
                " holdfast_outbox WHERE " + of_row + ")");
    expect_none(model + " rows that are removed, too", model + " AS m WHERE EXISTS (SELECT 1 FROM holdfast_tombstones WHERE " +
                of_row + ")");
    expect_none(model + " entries without a row", "holdfast_outbox AS o WHERE model = '" + model + "' AND operation <> 'delete'"
                " AND NOT EXISTS (SELECT 1 FROM holdfast_outbox AS n WHERE n.model = o.model AND n.key = o.key AND n.id > o.id)"
                " AND NOT EXISTS (SELECT 1 FROM " + model + " AS m WHERE json_array(m.id) = o.key)");
    expect_none(model + " rows whose removal waits", "holdfast_outbox AS o, " + model + " AS m WHERE o.model = '" + model +
                "' AND o.operation = 'delete' AND o.key = json_array(m.id) AND NOT EXISTS (SELECT 1 FROM holdfast_outbox"
                " AS n WHERE n.model = o.model AND n.key = o.key AND n.id > o.id)");
  }
  return damage;
}

}  // namespace holdfast::disk
