// What a device would do wrong, as a storage that lies to its engine.
#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "client/storage/forwarding_testing.h"
#include "tests/simulation/defects.h"

namespace holdfast::simulation {
namespace {

using client::OutboxEntry;
using client::testing::ForwardingStorage;
using client::testing::ForwardingTransaction;

constexpr std::size_t all_entries = std::numeric_limits<std::uint32_t>::max();

/// `whim`: for what goes wrong now and then only.
class LyingTransaction : public ForwardingTransaction {
 public:
  LyingTransaction(client::Transaction& inner, SimRandom& whim) : ForwardingTransaction(inner), whim_(whim) {}

 protected:
  [[nodiscard]] bool happens(unsigned permille) { return whim_.happens(permille); }

 private:
  SimRandom& whim_;
};

template <class Transaction>
class StorageOf final : public ForwardingStorage {
 public:
  using ForwardingStorage::ForwardingStorage;
  Result<void> write(client::Commit commit, const Body& body) override {
    return ForwardingStorage::write(commit, [&](client::Transaction& inner) {
      Transaction lying(inner, whim_);
      return body(lying);
    });
  }

 private:
  SimRandom whim_{1};
};

template <class Storage>
void use_storage(WorldOptions& options) {
  options.wrap_storage = [](std::unique_ptr<client::Storage> inner) { return std::make_unique<Storage>(std::move(inner)); };
}

template <class Transaction>
void use(WorldOptions& options) {
  use_storage<StorageOf<Transaction>>(options);
}

class ForgetsSentMark final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> rewrite(const OutboxEntry& entry) override {
    auto unmarked = entry;
    unmarked.was_sent = false;
    return LyingTransaction::rewrite(unmarked);
  }
};

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

class DropsNewestEntry final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> drop(std::int64_t id) override {
    HOLDFAST_TRY(waiting, entries(id - 1, 1));
    if (waiting.empty() || waiting.front().id != id) return LyingTransaction::drop(id);
    HOLDFAST_TRY(same, entries_of(*waiting.front().model, waiting.front().key));
    return LyingTransaction::drop(same.back().id);
  }
};

class SendsNewestFirst final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<std::vector<OutboxEntry>> entries(std::int64_t after, std::size_t limit) override {
    auto read = LyingTransaction::entries(after, limit);
    if (read) std::reverse(read->begin(), read->end());
    return read;
  }
};

class LosesEntries final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<std::int64_t> append(const OutboxEntry& entry) override {
    HOLDFAST_TRY(id, LyingTransaction::append(entry));
    if (happens(100)) {
      auto dropped = LyingTransaction::drop(id);
      if (!dropped) return dropped.error();
    }
    return id;
  }
};

class ForgetsWaitingImages final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> set_setting(std::string_view name, std::string_view value) override {
    return name.starts_with("image:") ? Result<void>() : LyingTransaction::set_setting(name, value);
  }
};

class KeepsRemovedRows final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override {
    return happens(300) ? Result<void>() : LyingTransaction::erase(model, key, metadata);
  }
};

class MergesIntoWhatWasSent final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<std::vector<OutboxEntry>> entries_of(const ModelSchema& model, const Key& key) override {
    auto read = LyingTransaction::entries_of(model, key);
    if (!read) return read;
    for (auto& entry : *read) entry.was_sent = false;
    return read;
  }
};

class ForgetsDeadLetters final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> bury(std::int64_t entry, const client::Refusal&) override { return LyingTransaction::drop(entry); }
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

// Whatever waited first is gone after a restart.
void swallow_first_entry_at_start(WorldOptions& options) {
  options.wrap_storage = [](std::unique_ptr<client::Storage> inner) {
    (void)inner->write([](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(first, transaction.entries(0, 1));
      return first.empty() ? Result<void>() : transaction.drop(first.front().id);
    });
    return inner;
  };
}

void forget_sent_marks_at_start(WorldOptions& options) {
  options.device_crashes = 40;
  options.network.reply_loss = 300;
  options.wrap_storage = [](std::unique_ptr<client::Storage> inner) {
    (void)inner->write([](client::Transaction& transaction) -> Result<void> {
      HOLDFAST_TRY(waiting, transaction.entries(0, all_entries));
      for (auto& entry : waiting) {
        entry.was_sent = false;
        HOLDFAST_TRY(rewritten, transaction.rewrite(entry));
      }
      return {};
    });
    return inner;
  };
}

}  // namespace

void add_storage_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"sent-mark", "the device does not keep that an entry was sent", "lost: ", use<ForgetsSentMark>},
      {"sent-mark-at-start", "a restarted device has forgotten what it had sent", "lost: ", forget_sent_marks_at_start, 40},
      {"merge-sent", "an edit is merged into an entry in flight", "lost: ", use<MergesIntoWhatWasSent>},
      {"older-versions", "the device takes an older version for a newer one", "invariant 2", use<TakesOlderVersions>},
      {"device-tombstones", "the device forgets what was deleted", "invariant 2", use<ForgetsTombstones>},
      {"silent-observer", "observers are not told of a change", "invariant 5", use<TellsObserversNothing>},
      {"wrong-observer", "observers are told of an update as an insertion", "invariant 5", use<TellsUpdatesAsInsertions>},
      {"ignored-change", "the device ignores what the service sent", "", use<IgnoresService>},
      {"wrong-entry", "an answer ends the newest entry of its record", "", use<DropsNewestEntry>},
      {"newest-first", "the outbox is read from its tail", "invariant 3", use<SendsNewestFirst>},
      {"lost-entry", "a row is changed without an entry in the outbox", "invariant 1", use<LosesEntries>},
      {"waiting-image", "what the service said of a row with edits is not kept", "invariant 1", use<ForgetsWaitingImages>},
      {"kept-row", "a removed row stays visible", "invariant", use<KeepsRemovedRows>},
      {"dead-letter", "a refused change is dropped, not kept as a dead letter", "dead letter", use<ForgetsDeadLetters>, 40},
      {"save-before-commit", "a save is acknowledged and then undone", "invariant", use_storage<SavesBeforeCommit>},
      {"filter", "a query returns rows beyond its filter", "query", use_storage<IgnoresFilters>},
      {"missing-row", "a query misses the last row", "query", use_storage<ReadsWithoutNewestRow>},
      {"swallowed-at-start", "a restart swallows the outbox's first entry", "", swallow_first_entry_at_start},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
