// What a device would do wrong with its outbox.
#include <algorithm>
#include <limits>

#include "tests/simulation/lying_storage.h"

namespace holdfast::simulation {
namespace {

using client::OutboxEntry;

constexpr std::size_t all_entries = std::numeric_limits<std::uint32_t>::max();

class ForgetsSentMark final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> rewrite(const OutboxEntry& entry) override {
    auto unmarked = entry;
    unmarked.was_sent = false;
    return LyingTransaction::rewrite(unmarked);
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

// It shows when a refusal comes late, after a newer change.
void forget_waiting_images(WorldOptions& options) {
  use<ForgetsWaitingImages>(options);
  options.conflict = server::ConflictStrategy::optimistic;
  options.retries_conflicts = false;
  options.network.slow_reply = 300;
  options.operations = 10;
  options.composition.workloads = {{.kind = "contention", .settings = {{"saves", {40, 40}}, {"pause_ms", {20, 100}}}}};
}

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

void add_outbox_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"sent-mark", "the device does not keep that an entry was sent", "lost: ", use<ForgetsSentMark>},
      {"sent-mark-at-start", "a restarted device forgets what it had sent", "lost: ", forget_sent_marks_at_start, 40},
      {"wrong-entry", "an answer ends the newest entry of its record", "", use<DropsNewestEntry>},
      {"newest-first", "the outbox is read from its tail", "invariant 3", use<SendsNewestFirst>},
      {"lost-entry", "a row is changed without an entry in the outbox", "invariant 1", use<LosesEntries>},
      {"waiting-image", "what the service said of a row with edits is not kept", "device", forget_waiting_images},
      {"merge-sent", "an edit is merged into an entry in flight", "lost: ", use<MergesIntoWhatWasSent>},
      {"dead-letter", "a refused change is dropped without a dead letter", "dead letter", use<ForgetsDeadLetters>, 40},
      {"swallowed-at-start", "a restart swallows the outbox's first entry", "", swallow_first_entry_at_start},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
