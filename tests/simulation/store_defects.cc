// What the backend would do wrong with what it writes.
#include <utility>

#include "tests/simulation/lying_store.h"

namespace holdfast::simulation {
namespace {

// Many writes of one record wait at the backend side by side.
template <class Store>
void use_in_crowd(WorldOptions& options) {
  use_store<Store>(options);
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
    if (outcome && put.record.model->name == "Post" && outcome->kind == PutOutcome::Kind::written) {
      outcome->image.record["rating"] = Value();
    }
    return outcome;
  }
};

// Automerge takes what a device changed by what it has seen; held against another version, its way back to an older
// value looks like no change, and what others did looks like nothing.
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
  use_store<EmptiesNewerField>(options);
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

// What a transaction of several writes came to is not looked at.
class IgnoresGroupErrors final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  std::vector<Result<void>> put_together(Works works) override {
    return std::vector<Result<void>>(LyingStore::put_together(works).size());
  }
};

void ignore_group_errors(WorldOptions& options) {
  use_store<IgnoresGroupErrors>(options);
  options.store = MediumKind::file_sqlite;
  options.store_power_cuts = 0;
  options.store_disk_failures = 30;
  options.network.together_max = 4;
}

}  // namespace

void add_store_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"reply-before-commit", "the backend acknowledges a write that it then loses", "invariant 1",
       use_store<AcknowledgesBeforeCommit>},
      {"mutation-ledger", "the backend forgets which mutations it has written", "invariant 4",
       use_store<ForgetsMutations>},
      {"false-repetition", "the backend takes a new mutation for a repeated one", "invariant 4",
       use_store<RemembersTooMuch>},
      {"no-compare", "the backend writes over what it has not read", "lost: ", use_in_crowd<ComparesNoVersions>, 40},
      {"older-ancestor", "Automerge's ancestor is a version before the one that the device saw",
       "merge: ", use_in_crowd<MergesWithOlderAncestor>},
      {"newest-ancestor", "Automerge's ancestor is the record as it stands",
       "merge: ", use_in_crowd<MergesWithNewestAncestor>},
      {"newer-field", "a write by an older device empties a field that it does not know", "subtitle",
       forget_newer_field},
      {"kept-deleted", "a deletion writes a living record", "lost: ", use_store<KeepsDeleted>},
      {"wrong-version", "an answer names a version that was never written", "invariant 1",
       use_store<AnswersWithWrongVersion>},
      {"store-unsynced", "the backend answers before its disk has the write", "gone after a power cut", sync_nothing},
      {"ignored-failure", "the backend answers though its transaction failed", "invariant 1", ignore_group_errors},
      {"partial-answer", "an answer lacks a field", "invariant 1", use_store<AnswersWithFieldsMissing>},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
