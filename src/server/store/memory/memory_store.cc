#include "server/store/memory/memory_store.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "server/store/deadline.h"
#include "server/store/memory/memory_journal.h"
#include "server/store/memory/row_index.h"
#include "server/store/position.h"

namespace holdfast::server {
namespace {

/// The rows of a model by key text, and in the two orders in which they are read.
struct ModelRows {
  std::map<std::string, Row, std::less<>> by_key;
  std::map<std::int64_t, const Row*> by_first_sequence;  // std::map keeps the rows where they are.
  std::map<std::int64_t, const Row*> by_sequence;
  std::vector<RowIndex> indexes;
  std::map<std::int64_t, const Row*> tombstones;  // By sequence.
  struct Superseding {
    Row* row;
    std::int64_t version;
    Instant at;
  };
  std::deque<Superseding> superseding;  // Writes in their order; those that trim() has been through are gone.
};

class MemoryStore final : public Store {
 public:
  MemoryStore(const Schema& schema, Clock& clock) : schema_(schema), clock_(clock) {
    for (const auto& model : schema.models) {
      for (auto& fields : indexes_of(schema, model)) models_[model.name].indexes.emplace_back(std::move(fields));
    }
  }

  Result<std::optional<Image>> get(const ModelSchema& model, const Key& key) override {
    const std::lock_guard lock(mutex_);
    const Row* row = find(model.name, key.text());
    return row == nullptr ? std::optional<Image>() : std::optional<Image>(current(*row));
  }

  Result<std::vector<std::optional<Image>>> get_all(const ModelSchema& model, const std::vector<Key>& keys) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<Image>> images(keys.size());
    RowsLookedAt rows;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (rows.is_late()) return RowsLookedAt::out_of_time();
      if (const Row* row = find(model.name, keys[i].text())) images[i] = current(*row);
    }
    return images;
  }

  Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t version) override {
    const std::lock_guard lock(mutex_);
    const Row* row = find(model.name, key.text());
    if (row == nullptr || version < row->first_version) return std::optional<Image>();
    const auto at = static_cast<std::size_t>(version - row->first_version);
    return at < row->images.size() ? std::optional<Image>(row->images[at]) : std::nullopt;
  }

  Result<std::optional<Image>> find_mutation(std::string_view mutation_id) override {
    const std::lock_guard lock(mutex_);
    const Row* row = written_by(mutation_id);
    return row == nullptr ? std::optional<Image>() : std::optional<Image>(current(*row));
  }

  Result<PutOutcome> put(const ConditionalPut& put) override {
    const std::lock_guard lock(mutex_);
    HOLDFAST_ASSERT(put.record.model != nullptr && schema_.model(put.record.model->name) != nullptr,
                    "a put names a model of the store's schema");
    if (const Row* row = written_by(put.mutation_id)) return PutOutcome{PutOutcome::Kind::repeated, current(*row)};
    const Row* before = find(put.record.model->name, put.record.key().text());
    const std::int64_t version = before == nullptr ? 0 : current(*before).metadata.version;
    if (version != put.expected_version) {
      return PutOutcome{PutOutcome::Kind::changed_meanwhile, before == nullptr ? Image() : current(*before)};
    }
    const bool is_new = before == nullptr || current(*before).metadata.is_deleted;
    const Row& after = append(put, version + 1);
    if (listener_) listener_(ChangeEntry{after.sequence, current(after), is_new, put.request});
    return PutOutcome{PutOutcome::Kind::written, current(after)};
  }

  Result<ImagePage> list(const ModelSchema& model, const ListOptions& options) override {
    HOLDFAST_TRY(position, position_of(options.after));
    const std::lock_guard lock(mutex_);
    return page_of(models_[model.name].by_first_sequence, position, options.limit, [&](const Image& image) {
      return image.metadata.is_deleted ? options.with_tombstones : evaluate(options.where, image.record);
    });
  }

  Result<std::vector<ImagePage>> read_index(const ModelSchema& model, const IndexOptions& options,
                                            const std::vector<Partition>& partitions) override {
    const std::lock_guard lock(mutex_);
    std::vector<ImagePage> pages;
    RowsLookedAt rows;
    for (const auto& partition : partitions) {
      HOLDFAST_TRY(page, index_of(model, options.fields).page(options, partition, rows));
      pages.push_back(std::move(page));
    }
    return pages;
  }

  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                  std::string_view after) override {
    HOLDFAST_TRY(position, position_of(after));
    const std::lock_guard lock(mutex_);
    return page_of(models_[model.name].by_sequence, position, limit,
                   [&](const Image& image) { return image.metadata.last_changed_at >= since; });
  }

  Result<bool> trim(const std::vector<const ModelSchema*>& models, const TrimOptions& options) override {
    HOLDFAST_ASSERT(options.tombstones_before <= options.changes_before, "a tombstone outlives the log of its record");
    const std::lock_guard lock(mutex_);
    bool has_more = false;
    for (const auto* model : models) {
      auto& rows = models_[model->name];
      has_more = trim_changes(rows, options) || trim_tombstones(rows, options) || has_more;
    }
    return has_more;
  }

  Result<Instant> read_horizon() override {
    const std::lock_guard lock(mutex_);
    next_instant_ = std::max(next_instant_, clock_.wall());
    return next_instant_;
  }

  void on_commit(std::function<void(const ChangeEntry&)> listener) override {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }

  Result<std::optional<std::string>> setting(std::string_view name) override {
    const std::lock_guard lock(mutex_);
    const auto found = settings_.find(name);
    return found == settings_.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
  }

  Result<void> set_setting(std::string_view name, std::string_view value) override {
    const std::lock_guard lock(mutex_);
    settings_.insert_or_assign(std::string(name), std::string(value));
    return {};
  }

  Result<void> backup(const std::string& /*path*/) override {
    return Error{Code::unsupported, "a store in memory has no file to back up; serve a database file"};
  }

  Result<void> journal(const JournalEntry& entry, std::int64_t rows_max) override {
    journal_.add(entry, rows_max);
    return {};
  }

  Result<std::vector<JournalEntry>> conflicts(const JournalQuery& query) override { return journal_.read(query); }

 private:
  const Row* find(const std::string& model, const std::string& key) const {
    const auto rows = models_.find(model);
    if (rows == models_.end()) return nullptr;
    const auto row = rows->second.by_key.find(key);
    return row == rows->second.by_key.end() ? nullptr : &row->second;
  }

  const Row* written_by(std::string_view mutation_id) const {
    const auto found = mutations_.find(mutation_id);
    return found == mutations_.end() ? nullptr : found->second;
  }

  const RowIndex& index_of(const ModelSchema& model, const IndexFields& fields) {
    const auto& indexes = models_[model.name].indexes;
    const auto found =
        std::find_if(indexes.begin(), indexes.end(), [&](const auto& each) { return each.fields() == fields; });
    HOLDFAST_ASSERT(found != indexes.end(), "an index read names an index of the model");
    return *found;
  }

  const Row& append(const ConditionalPut& put, std::int64_t version) {
    ModelRows& rows = models_[put.record.model->name];
    Row& row = rows.by_key[put.record.key().text()];
    const Instant now = std::max(next_instant_, clock_.wall());
    next_instant_ = now + Milliseconds(1);
    rows.by_sequence.erase(row.sequence);
    rows.tombstones.erase(row.sequence);
    if (!row.images.empty()) {
      for (auto& index : rows.indexes) index.remove(row);
    }
    row.sequence = ++last_sequence_;
    rows.by_sequence.emplace(row.sequence, &row);
    if (row.images.empty()) {
      row.first_sequence = row.sequence;
      rows.by_first_sequence.emplace(row.sequence, &row);
    }
    row.images.push_back(Image{put.record, Metadata{version, now, put.is_deleted}});
    for (auto& index : rows.indexes) index.add(row);
    row.mutation_ids.push_back(put.mutation_id);
    if (!put.mutation_id.empty()) mutations_.emplace(put.mutation_id, &row);
    if (put.is_deleted) rows.tombstones.emplace(row.sequence, &row);
    rows.superseding.push_back({&row, version, now});
    return row;
  }

  void forget_oldest(Row& row) {
    if (!row.mutation_ids.front().empty()) mutations_.erase(row.mutation_ids.front());
    row.mutation_ids.pop_front();
    row.images.pop_front();
    ++row.first_version;
  }

  /// Whether it stopped at rows_max.
  bool trim_changes(ModelRows& rows, const TrimOptions& options) {
    auto& writes = rows.superseding;
    for (std::uint32_t looked_at = 0; !writes.empty() && writes.front().at < options.changes_before; ++looked_at) {
      if (looked_at == options.rows_max) return true;
      if (writes.front().version > 1) forget_oldest(*writes.front().row);
      writes.pop_front();
    }
    return false;
  }

  bool trim_tombstones(ModelRows& rows, const TrimOptions& options) {
    std::uint32_t looked_at = 0;
    while (!rows.tombstones.empty()) {
      const auto [sequence, row] = *rows.tombstones.begin();
      if (sequence == last_sequence_ || current(*row).metadata.last_changed_at >= options.tombstones_before) {
        return false;
      }
      if (looked_at++ == options.rows_max) return true;
      remove(rows, *row);
    }
    return false;
  }

  void remove(ModelRows& rows, const Row& row) {
    for (auto& index : rows.indexes) index.remove(row);
    rows.tombstones.erase(row.sequence);
    rows.by_sequence.erase(row.sequence);
    rows.by_first_sequence.erase(row.first_sequence);
    const auto found = rows.by_key.find(current(row).record.key().text());
    while (!found->second.images.empty()) forget_oldest(found->second);
    rows.by_key.erase(found);
  }

  /// The images after `position` that `belongs`, at most `limit`; `next` when rows are left to look at.
  template <class Belongs>
  static Result<ImagePage> page_of(const std::map<std::int64_t, const Row*>& rows, std::int64_t position,
                                   std::uint32_t limit, Belongs belongs) {
    ImagePage page;
    RowsLookedAt looked_at_rows;
    std::uint32_t looked_at = 0;
    for (auto row = rows.upper_bound(position); row != rows.end(); ++row) {
      if (page.images.size() >= std::max(limit, 1U) || looked_at++ == looked_at_max) {
        page.next = position_text(position);
        return page;
      }
      if (looked_at_rows.is_late()) return RowsLookedAt::out_of_time();
      position = row->first;
      if (belongs(current(*row->second))) page.images.push_back(current(*row->second));
    }
    return page;
  }

  const Schema& schema_;
  Clock& clock_;
  MemoryJournal journal_;
  std::mutex mutex_;  // Guards all below; held while the listener runs, which makes its order the commit order.
  std::map<std::string, ModelRows> models_;
  std::map<std::string, const Row*, std::less<>> mutations_;
  std::map<std::string, std::string, std::less<>> settings_;
  std::function<void(const ChangeEntry&)> listener_;
  std::int64_t last_sequence_ = 0;
  Instant next_instant_{};  // No later write is stamped earlier than this.
};

}  // namespace

std::unique_ptr<Store> memory_store(const Schema& schema, Clock& clock) {
  return std::make_unique<MemoryStore>(schema, clock);
}

}  // namespace holdfast::server
