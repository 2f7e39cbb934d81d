// What a device would do wrong with its rows.
#include <algorithm>

#include "tests/simulation/lying_storage.h"

namespace holdfast::simulation {
namespace {

class TakesOlderVersions final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<client::Stored> find(const ModelSchema& model, const Key& key) override {
    auto stored = LyingTransaction::find(model, key);
    if (stored) stored->metadata.version = std::min<std::int64_t>(stored->metadata.version, 1);
    return stored;
  }
};

class ForgetsTombstones final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata&) override {
    return LyingTransaction::erase(model, key, {});
  }
};

class TellsObserversNothing final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<client::Put> put_newer(const client::SyncedRecord& synced) override {
    HOLDFAST_TRY(outcome, LyingTransaction::put_newer(synced));
    return happens(200) ? client::Put::stale : outcome;
  }
};

class TellsUpdatesAsInsertions final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<client::Put> put_newer(const client::SyncedRecord& synced) override {
    HOLDFAST_TRY(outcome, LyingTransaction::put_newer(synced));
    return outcome == client::Put::updated && !synced.metadata.is_deleted ? client::Put::inserted : outcome;
  }
};

class IgnoresService final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<client::Put> put_newer(const client::SyncedRecord& synced) override {
    return happens(100) ? Result<client::Put>(client::Put::stale) : LyingTransaction::put_newer(synced);
  }
};

class KeepsRemovedRows final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override {
    return happens(300) ? Result<void>() : LyingTransaction::erase(model, key, metadata);
  }
};

class SavesBeforeCommit final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> write(client::Commit commit, const Body& body) override {
    bool is_lost = false;
    auto written = ForwardingStorage::write(commit, [&](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(made, body(transaction));
      is_lost = commit == client::Commit::durable && whim_.happens(200);
      if (is_lost) return Error{Code::storage_failed, "lost after it was acknowledged"};
      return {};
    });
    return is_lost ? Result<void>() : written;
  }

 private:
  SimRandom whim_{2};
};

class IgnoresFilters final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    auto unfiltered = query;
    unfiltered.where = {};
    return ForwardingStorage::query(model, unfiltered, sink);
  }
};

class ReadsWithoutNewestRow final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    std::optional<Record> held;
    return ForwardingStorage::query(model, query, [&](Record& row) {
      if (held) sink(*held);
      held = row;
    });
  }
};

/// Nothing waits for the disk: a power cut takes saves that had returned.
class SyncsNothing final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> write(client::Commit /*commit*/, const Body& body) override {
    return ForwardingStorage::write(client::Commit::lazy, body);
  }
};

class ClearsNothing final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> clear() override { return {}; }
};

void lose_power_unsynced(WorldOptions& options) {
  use_storage<SyncsNothing>(options);
  options.medium = MediumKind::file_sqlite;
  options.device_crashes = 20;
}

void keep_rows_at_sign_out(WorldOptions& options) {
  use_storage<ClearsNothing>(options);
  options.sign_outs = 4;
}

}  // namespace

void add_storage_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"older-versions", "the device takes an older version for a newer one", "invariant 2", use<TakesOlderVersions>},
      {"device-tombstones", "the device forgets what was deleted", "invariant 2", use<ForgetsTombstones>},
      {"silent-observer", "observers are not told of a change", "invariant 5", use<TellsObserversNothing>},
      {"wrong-observer", "observers are told of an update as an insertion", "invariant 5",
       use<TellsUpdatesAsInsertions>},
      {"ignored-change", "the device ignores what the service sent", "", use<IgnoresService>},
      {"kept-row", "a removed row stays visible", "invariant", use<KeepsRemovedRows>},
      {"save-before-commit", "a save is acknowledged and then undone", "invariant", use_storage<SavesBeforeCommit>},
      {"filter", "a query returns rows beyond its filter", "query", use_storage<IgnoresFilters>},
      {"missing-row", "a query misses the last row", "query", use_storage<ReadsWithoutNewestRow>},
      {"unsynced", "a save returns before the disk has it", "", lose_power_unsynced},
      {"sign-out", "signing out leaves the store as it is", "sign-out", keep_rows_at_sign_out},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
