// What the backend would do wrong when it tells of what it holds: by pages and by events.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/lying_store.h"
#include "tests/simulation/rows.h"

namespace holdfast::simulation {
namespace {

class SkipsChanges final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                  std::string_view after) override {
    auto page = LyingStore::changed_since(model, since, limit, after);
    if (page && !page->images.empty()) page->images.pop_back();
    return page;
  }
};

class SkipsTombstones final : public LyingStore {
 public:
  using LyingStore::LyingStore;
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                  std::string_view after) override {
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
  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                  std::string_view after) override {
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

}  // namespace

void add_serving_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"delta-skips", "a delta page skips a change", "device", use_store<SkipsChanges>},
      {"delta-tombstones", "delta sync does not tell of deletions", "device", use_store<SkipsTombstones>},
      {"delta-window", "delta sync begins too late", "device", use_store<ComparesTimesWrongly>},
      {"sync-horizon", "a sync's start time is later than writes it does not have", "device",
       use_store<ForeseesItsWrites>},
      {"first-page", "a base sync ends after a page", "device", use_store<EndsAfterOnePage>},
      {"silent-commit", "subscribers are not told of a write", "device", use_store<TellsNobody>},
      {"stale-event", "subscribers are told the record as it was before", "invariant 1", use_store<TellsOldContent>},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
