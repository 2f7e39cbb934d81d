// What the backend would do wrong, as a store that lies to it.
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "tests/simulation/checkers.h"
#include "tests/simulation/defects.h"
#include "tests/simulation/forwarding_store.h"

namespace holdfast::simulation {
namespace {

using server::ConditionalPut;
using server::Image;
using server::ImagePage;
using server::PutOutcome;

class LyingStore : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  [[nodiscard]] bool happens(unsigned permille) { return whim_.happens(permille); }

 private:
  SimRandom whim_{3};
};

template <class Store>
void use(WorldOptions& options) {
  options.wrap_store = [](server::Store& inner) { return std::make_unique<Store>(inner); };
}

// Many writes of one record wait at the backend side by side.
template <class Store>
void use_in_crowd(WorldOptions& options) {
  use<Store>(options);
  options.operations = 300;
  options.chaos_ms = 8'000;
  options.conflict = server::ConflictStrategy::automerge;
  options.composition.workloads = {{.kind = "team"}};
  options.network.delay_max_ms = 10;
  options.network.queue_max_ms = 100;
  options.race_permille = 900;
}

class AcknowledgesBeforeCommit final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    if (!happens(50)) return LyingStore::put(put);
    Image image{put.record, {.version = put.expected_version + 1, .last_changed_at = {}, .is_deleted = put.is_deleted}};
    return PutOutcome{PutOutcome::Kind::written, std::move(image)};
  }
};

class ForgetsMutations final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<std::optional<Image>> find_mutation(std::string_view) override { return std::optional<Image>(); }
  Result<PutOutcome> put(const ConditionalPut& put) override {
    auto nameless = put;
    nameless.mutation_id.clear();
    return LyingStore::put(nameless);
  }
};

class RemembersTooMuch final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    if (!happens(100)) return LyingStore::put(put);
    HOLDFAST_TRY(standing, get(*put.record.model, put.record.key()));
    if (!standing) return LyingStore::put(put);
    return PutOutcome{PutOutcome::Kind::repeated, std::move(*standing)};
  }
};

class ComparesNoVersions final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    HOLDFAST_TRY(standing, get(*put.record.model, put.record.key()));
    auto blind = put;
    blind.expected_version = standing ? standing->metadata.version : 0;
    return LyingStore::put(blind);
  }
};

class KeepsDeleted final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    auto kept = put;
    kept.is_deleted = false;
    return LyingStore::put(kept);
  }
};

class AnswersWithWrongVersion final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    auto outcome = LyingStore::put(put);
    if (outcome) ++outcome->image.metadata.version;
    return outcome;
  }
};

class AnswersWithFieldsMissing final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    auto outcome = LyingStore::put(put);
    if (outcome && put.record.model->name == "Post" && outcome->kind == PutOutcome::Kind::written) outcome->image.record["rating"] = Value();
    return outcome;
  }
};

class SkipsChanges final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit, std::string_view after) override {
    auto page = LyingStore::changed_since(model, since, limit, after);
    if (page && !page->images.empty()) page->images.pop_back();
    return page;
  }
};

class SkipsTombstones final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit, std::string_view after) override {
    auto page = LyingStore::changed_since(model, since, limit, after);
    if (!page) return page;
    std::vector<bool> stays;
    for (std::size_t at = 0; at < page->images.size(); ++at) stays.push_back(!page->images.metadata(at).is_deleted);
    page->images.keep(stays);
    return page;
  }
};

class ComparesTimesWrongly final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit, std::string_view after) override {
    return LyingStore::changed_since(model, since + Milliseconds(10'000), limit, after);
  }
};

class ForeseesItsWrites final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<Instant> read_horizon() override {
    HOLDFAST_TRY(horizon, LyingStore::read_horizon());
    return horizon + Milliseconds(20'000);
  }
};

class EndsAfterOnePage final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> list(const ModelSchema& model, const ListOptions& options) override {
    auto page = LyingStore::list(model, options);
    if (page) page->next.clear();
    return page;
  }
};

class TellsNobody final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  void on_commit(std::function<void(const server::ChangeEntry&)> listener) override {
    LyingStore::on_commit([this, listener = std::move(listener)](const server::ChangeEntry& entry) {
      if (!happens(100)) listener(entry);
    });
  }
};

// The version is the new one, what it says of the record is not.
class TellsOldContent final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  void on_commit(std::function<void(const server::ChangeEntry&)> listener) override {
    LyingStore::on_commit([this, listener = std::move(listener)](const server::ChangeEntry& entry) {
      auto told = entry;
      const auto name = row_name(*entry.image.record.model, entry.image.record.key());
      if (const auto before = last_.find(name); before != last_.end()) told.image.record = before->second;
      last_.insert_or_assign(name, entry.image.record);
      listener(told);
    });
  }

 private:
  std::map<std::string, Record> last_;
};

// Automerge takes what a device changed by what it has seen; held against another version, its way back to an older value
// looks like no change, and what others did looks like nothing.
class MergesWithOlderAncestor final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t version) override {
    return LyingStore::image_at(model, key, version > 1 ? version - 1 : version);
  }
};

class MergesWithNewestAncestor final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t /*version*/) override {
    return get(model, key);
  }
};

class EmptiesNewerField final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<PutOutcome> put(const ConditionalPut& put) override {
    auto emptied = put;
    const auto newer = put.record.model->field_index(newer_field);
    if (newer && put.expected_version > 0 && happens(300)) emptied.record.values[*newer] = Value();
    return LyingStore::put(emptied);
  }
};

void forget_newer_field(WorldOptions& options) {
  use<EmptiesNewerField>(options);
  options.has_newer_devices = true;
  options.upgrades = false;
  options.conflict = server::ConflictStrategy::automerge;
  options.composition.workloads = {{.kind = "team"}};
}

// Nothing of what the backend answered is on its disk for certain.
void sync_nothing(WorldOptions& options) {
  options.store = MediumKind::file_sqlite;
  options.syncs_store = false;
  options.store_power_cuts = 6;
}

}  // namespace

void add_store_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"reply-before-commit", "the backend acknowledges a write that it then loses", "invariant 1", use<AcknowledgesBeforeCommit>},
      {"mutation-ledger", "the backend forgets which mutations it has written", "invariant 4", use<ForgetsMutations>},
      {"false-repetition", "the backend takes a new mutation for a repeated one", "invariant 4", use<RemembersTooMuch>},
      {"no-compare", "the backend writes over what it has not read", "lost: ", use_in_crowd<ComparesNoVersions>, 40},
      {"older-ancestor", "Automerge's ancestor is a version before the one that the device saw", "merge: ", use_in_crowd<MergesWithOlderAncestor>},
      {"newest-ancestor", "Automerge's ancestor is the record as it stands", "merge: ", use_in_crowd<MergesWithNewestAncestor>},
      {"newer-field", "a write by an older device empties a field that it does not know", "subtitle", forget_newer_field},
      {"kept-deleted", "a deletion writes a living record", "lost: ", use<KeepsDeleted>},
      {"wrong-version", "an answer names a version that was never written", "invariant 1", use<AnswersWithWrongVersion>},
      {"store-unsynced", "the backend answers before its disk has the write", "gone after a power cut", sync_nothing},
      {"partial-answer", "an answer lacks a field", "invariant 1", use<AnswersWithFieldsMissing>},
      {"delta-skips", "a delta page skips a change", "device", use<SkipsChanges>},
      {"delta-tombstones", "delta sync does not tell of deletions", "device", use<SkipsTombstones>},
      {"delta-window", "delta sync begins too late", "device", use<ComparesTimesWrongly>},
      {"sync-horizon", "a sync's start time is later than writes it does not have", "device", use<ForeseesItsWrites>},
      {"first-page", "a base sync ends after a page", "device", use<EndsAfterOnePage>},
      {"silent-commit", "subscribers are not told of a write", "device", use<TellsNobody>},
      {"stale-event", "subscribers are told the record as it was before", "invariant 1", use<TellsOldContent>},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
