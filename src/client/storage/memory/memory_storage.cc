#include "client/storage/memory/memory_storage.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "client/storage/memory/layered_map.h"
#include "client/storage/related_keys.h"
#include "client/storage/stored_form.h"
#include "model/temporal_order.h"

namespace holdfast::client {
namespace {

/// What is known of one key.
struct Slot {
  Stored stored;
  Place place = 0;
};

using Slots = LayeredMap<std::string, Slot>;  // By the key's text.

struct Tables {
  std::vector<Slots> models;  // Parallel to the schema's models.
  LayeredMap<std::int64_t, OutboxEntry> outbox;
  LayeredMap<std::int64_t, DeadLetter> dead_letters;
  LayeredMap<std::string, std::string> settings;

  void commit() {
    for (auto& slots : models) slots.commit();
    outbox.commit();
    dead_letters.commit();
    settings.commit();
  }
  void roll_back() noexcept {
    for (auto& slots : models) slots.roll_back();
    outbox.roll_back();
    dead_letters.roll_back();
    settings.roll_back();
  }
  void clear() noexcept {
    for (auto& slots : models) slots.clear();
    outbox.clear();
    dead_letters.clear();
    settings.clear();
  }
};

/// No edit outlives its transaction, however that is left. After a commit there are none.
struct EditsEnd {
  Tables& tables;
  ~EditsEnd() { tables.roll_back(); }
};

/// A row that satisfies a query, with what it is sorted by.
struct Match {
  const Slot* slot = nullptr;
  std::vector<Value> values = {};  ///< Parallel to the sort keys.
};

class BySortKeys {
 public:
  explicit BySortKeys(const std::vector<SortKey>& sort) : sort_(sort) {}
  bool operator()(const Match& left, const Match& right) const {
    for (std::size_t at = 0; at < sort_.size(); ++at) {
      const int order = compare_values(left.values[at], right.values[at]);
      if (order != 0) return sort_[at].direction == Direction::ascending ? order < 0 : order > 0;
    }
    return left.slot->place < right.slot->place;
  }

 private:
  const std::vector<SortKey>& sort_;
};

/// Gives every slot of a model.
using Visit = std::function<void(const ModelSchema& model, const std::function<void(const Slot&)>& each)>;

/// Gives the values of a sort key, the models on its way read once.
class SortValues {
 public:
  SortValues(const Schema& schema, const ModelSchema& model, const SortKey& key, const Visit& visit) {
    std::vector<const RelationSchema*> hops;
    const auto* at = &model;
    for (const auto& name : key.path) {
      hops.push_back(at->relation(name));
      at = schema.model(hops.back()->target);
    }
    field_ = *at->field_index(key.field);
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) step_back(**hop, *schema.model((*hop)->target), visit);
  }

  /// Null where the way does not lead to a record.
  [[nodiscard]] Value of(const Record& record) const {
    auto found = find(record);
    return found ? *std::move(found) : Value();
  }

 private:
  [[nodiscard]] std::optional<Value> find(const Record& record) const {
    if (!relation_) return order_value(record.model->fields[field_], record.values[field_]);
    const auto key = key_in(record, relation_->keys);
    const auto found = key ? by_key_.find(key->text()) : by_key_.end();
    return found == by_key_.end() ? std::nullopt : std::optional(found->second.second);
  }

  /// From the values that records of `target` lead to, to those that records before it lead to.
  void step_back(const RelationSchema& relation, const ModelSchema& target, const Visit& visit) {
    Values before;
    visit(target, [&](const Slot& slot) {
      if (!slot.stored.record) return;
      const auto key = key_in(*slot.stored.record, relation.target_keys);
      auto value = find(*slot.stored.record);
      if (!key || !value) return;
      const auto [at, is_new] = before.try_emplace(key->text(), slot.place, *value);
      if (!is_new && slot.place < at->second.first) at->second = {slot.place, *std::move(value)};
    });
    by_key_ = std::move(before);
    relation_ = &relation;
  }

  using Values = std::map<std::string, std::pair<Place, Value>>;  // By the text of the key that leads to them.
  std::size_t field_ = 0;
  const RelationSchema* relation_ = nullptr;  ///< The one that `by_key_` is for; null at the record with the field.
  Values by_key_;
};

struct PlacedRow {
  Record row;
  Place place = 0;
};

/// Copies of the page's rows: the sink may write, and runs without a lock.
std::vector<PlacedRow> page_of(std::vector<Match> matches, const Query& query) {
  const bool is_beyond = query.limit > 0 && query.page > std::numeric_limits<std::uint64_t>::max() / query.limit;
  const std::uint64_t start = query.limit * query.page;
  if (is_beyond || start >= matches.size()) return {};
  const auto rest = matches.size() - start;
  const auto count = query.limit > 0 ? std::min<std::uint64_t>(query.limit, rest) : rest;
  const auto first = matches.begin() + static_cast<std::ptrdiff_t>(start);
  const auto last = first + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(matches.begin(), last, matches.end(), BySortKeys(query.sort));
  std::vector<PlacedRow> rows;
  rows.reserve(count);
  std::for_each(first, last, [&rows](const Match& match) {
    rows.push_back({*match.slot->stored.record, match.slot->place});
  });
  return rows;
}

/// The rows of a model that satisfy a query, whatever its page, in no order.
std::vector<Match> matches_of(const Schema& schema, const ModelSchema& model, const Query& query, const Visit& visit) {
  std::vector<SortValues> sort;
  for (const auto& key : query.sort) sort.emplace_back(schema, model, key, visit);
  RelatedKeys related(query.where,
                      [&](const RelationSchema& relation, const Predicate& child, const auto& sink) -> Result<void> {
                        visit(*schema.model(relation.target), [&](const Slot& slot) {
                          if (slot.stored.record && related.satisfies(child, *slot.stored.record)) {
                            sink(*slot.stored.record);
                          }
                        });
                        return {};
                      });
  std::vector<Match> matches;
  visit(model, [&](const Slot& slot) {
    if (!slot.stored.record || !related.satisfies(*slot.stored.record)) return;
    matches.push_back({.slot = &slot});
    for (const auto& values : sort) matches.back().values.push_back(values.of(*slot.stored.record));
  });
  return matches;
}

void feed(std::vector<PlacedRow> rows, const std::function<void(Record&)>& sink) {
  for (auto& [row, place] : rows) sink(row);
}

/// Counters that outlive clear() and failed transactions: what they gave is never given again.
struct Counters {
  Place place = 0;
  std::int64_t entry = 0;
};

class MemoryTransaction final : public Transaction {
 public:
  MemoryTransaction(const Schema& schema, Tables& tables, Counters& counters)
      : schema_(schema), tables_(tables), counters_(counters) {}

  /// The first error of any call; write() fails with it whatever the body returns.
  [[nodiscard]] const Result<void>& outcome() const noexcept { return outcome_; }

  Result<Stored> find(const ModelSchema& model, const Key& key) override {
    const auto* slot = slots(model).find(key.text());
    return slot ? slot->stored : Stored{};
  }

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    feed(page_of(matches(model, query), query), sink);
    return {};
  }

  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override {
    return matches(model, {.where = where}).size();
  }

  Result<bool> insert(const Record& record) override {
    if (slots(*record.model).find(record.key().text())) return false;
    return put(record, {}) ? Result<bool>(true) : Result<bool>(outcome_.error());
  }

  Result<void> put(const Record& record, const Metadata& metadata) override {
    const auto key = record.key().text();
    auto& slots = this->slots(*record.model);
    const auto* known = slots.find(key);
    Slot slot{.stored = {.record = record, .metadata = metadata},
              .place = known && known->stored.record ? known->place : ++counters_.place};
    slot.stored.metadata.is_deleted = false;
    for (std::size_t field = 0; field < record.values.size(); ++field) {
      to_stored_form(record.model->fields[field], slot.stored.record->values[field]);
    }
    slots.set(key, std::move(slot));
    return {};
  }

  Result<Put> put_newer(const SyncedRecord& synced) override {
    const auto& [record, metadata] = synced;
    const auto* known = slots(*record.model).find(record.key().text());
    if (known && known->stored.metadata.version >= metadata.version) return Put::stale;
    const bool had_row = known && known->stored.record;
    auto done = metadata.is_deleted ? erase(*record.model, record.key(), metadata) : put(record, metadata);
    if (!done) return std::move(done).error();
    return had_row ? Put::updated : Put::inserted;
  }

  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override {
    if (metadata.version == 0) {
      slots(model).erase(key.text());
    } else {
      slots(model).set(key.text(), Slot{.stored = {.record = {}, .metadata = metadata}});
    }
    return {};
  }

  Result<std::int64_t> append(const OutboxEntry& entry) override {
    auto appended = entry;
    appended.id = ++counters_.entry;
    tables_.outbox.set(appended.id, appended);
    return appended.id;
  }

  Result<void> rewrite(const OutboxEntry& entry) override {
    const auto* known = tables_.outbox.find(entry.id);
    if (!known) {
      outcome_ = Error{Code::storage_failed, "the outbox has no entry " + std::to_string(entry.id) + " to rewrite"};
      return outcome_;
    }
    auto rewritten = *known;
    rewritten.changes = entry.changes;
    rewritten.condition = entry.condition;
    rewritten.was_sent = entry.was_sent;
    tables_.outbox.set(entry.id, std::move(rewritten));
    return {};
  }

  Result<void> drop(std::int64_t entry) override {
    tables_.outbox.erase(entry);
    return {};
  }

  Result<void> bury(std::int64_t entry, const Refusal& refusal) override {
    const auto* known = tables_.outbox.find(entry);
    if (!known) return {};
    tables_.dead_letters.set(entry, {*known, refusal});
    tables_.outbox.erase(entry);
    return {};
  }
  Result<std::optional<DeadLetter>> dead_letter(std::int64_t id) override {
    const auto* held = tables_.dead_letters.find(id);
    return held ? std::optional(*held) : std::nullopt;
  }
  Result<void> drop_dead_letter(std::int64_t id) override {
    tables_.dead_letters.erase(id);
    return {};
  }

  Result<std::vector<OutboxEntry>> entries_of(const ModelSchema& model, const Key& key) override {
    std::vector<OutboxEntry> found;
    tables_.outbox.visit_after(0, [&](std::int64_t, const OutboxEntry& entry) {
      if (entry.model->name == model.name && entry.key == key) found.push_back(entry);
      return true;
    });
    return found;
  }

  Result<std::vector<OutboxEntry>> entries(std::int64_t after, std::size_t limit) override {
    std::vector<OutboxEntry> found;
    tables_.outbox.visit_after(after, [&](std::int64_t, const OutboxEntry& entry) {
      if (found.size() >= limit) return false;
      found.push_back(entry);
      return true;
    });
    return found;
  }

  Result<std::size_t> outbox_size() override {
    std::size_t count = 0;
    tables_.outbox.visit_after(0, [&count](std::int64_t, const OutboxEntry&) { return ++count > 0; });
    return count;
  }

  Result<std::optional<std::string>> setting(std::string_view name) override {
    const auto* held = tables_.settings.find(std::string(name));
    return held ? std::optional(*held) : std::nullopt;
  }
  Result<void> set_setting(std::string_view name, std::string_view value) override {
    tables_.settings.set(std::string(name), std::string(value));
    return {};
  }
  Result<void> drop_setting(std::string_view name) override {
    tables_.settings.erase(std::string(name));
    return {};
  }

 private:
  std::vector<Match> matches(const ModelSchema& model, const Query& query) {
    return matches_of(schema_, model, query, [this](const ModelSchema& visited, const auto& each) {
      slots(visited).visit_after({}, [&each](const std::string&, const Slot& slot) {
        each(slot);
        return true;
      });
    });
  }
  Slots& slots(const ModelSchema& model) { return tables_.models[index_of(schema_, model)]; }

  const Schema& schema_;
  Tables& tables_;
  Counters& counters_;
  Result<void> outcome_;
};

/// Readers see the committed layers under `committed_`; the one writer, who holds `writing_`, edits above them and
/// takes `committed_` for the moment of the commit only.
class MemoryStorage final : public Storage {
 public:
  explicit MemoryStorage(const Schema& schema) : schema_(schema) { tables_.models.resize(schema.models.size()); }

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    feed(committed_page(model, query), sink);
    return {};
  }

  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override {
    const std::shared_lock lock(committed_);
    return committed_matches(model, {.where = where}).size();
  }

  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query&) override {
    return std::vector<std::string>{"SCAN " + model.name + " IN MEMORY"};
  }
  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, Place)>& sink) override {
    for (auto& [row, place] : committed_page(model, query)) sink(row, place);
    return {};
  }

  Result<Stored> find(const ModelSchema& model, const Key& key) override {
    const std::shared_lock lock(committed_);
    const auto* slot = tables_.models[index_of(schema_, model)].find_committed(key.text());
    if (!slot) return Stored{};
    auto stored = slot->stored;
    stored.place = slot->place;
    return stored;
  }

  Result<std::size_t> outbox_size() override {
    const std::shared_lock lock(committed_);
    return tables_.outbox.committed().size();
  }

  Result<std::vector<DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) override {
    const std::shared_lock lock(committed_);
    std::vector<DeadLetter> found;
    for (const auto& [id, letter] : tables_.dead_letters.committed()) {
      if (id > after && found.size() < limit) found.push_back(letter);
    }
    return found;
  }

  Result<Unsettled> unsettled(const ModelSchema& model, const Key& key) override {
    const std::shared_lock lock(committed_);
    const auto is_of_key = [&](const OutboxEntry& entry) {
      return entry.model->name == model.name && entry.key == key;
    };
    Unsettled found;
    for (const auto& [id, entry] : tables_.outbox.committed()) found.waiting += is_of_key(entry) ? 1 : 0;
    for (const auto& [id, letter] : tables_.dead_letters.committed()) {
      found.dead_letters += is_of_key(letter.entry) ? 1 : 0;
    }
    return found;
  }

  // Nothing of this storage survives the process, whatever the commit.
  Result<void> write(Commit, const Body& body) override {
    const std::lock_guard turn(writing_);
    const EditsEnd undoes_what_is_left{tables_};
    MemoryTransaction transaction(schema_, tables_, counters_);
    auto done = body(transaction);
    if (done && !transaction.outcome()) done = transaction.outcome();
    if (!done) return done;
    const std::unique_lock lock(committed_);
    tables_.commit();
    return done;
  }

  Result<void> clear() override {
    const std::lock_guard turn(writing_);
    const std::unique_lock lock(committed_);
    tables_.clear();
    return {};
  }

 private:
  std::vector<PlacedRow> committed_page(const ModelSchema& model, const Query& query) {
    const std::shared_lock lock(committed_);
    return page_of(committed_matches(model, query), query);
  }

  /// Under `committed_`.
  [[nodiscard]] std::vector<Match> committed_matches(const ModelSchema& model, const Query& query) const {
    return matches_of(schema_, model, query, [this](const ModelSchema& visited, const auto& each) {
      for (const auto& [key, slot] : tables_.models[index_of(schema_, visited)].committed()) each(slot);
    });
  }

  const Schema& schema_;
  std::mutex writing_;
  std::shared_mutex committed_;
  Tables tables_;
  Counters counters_;
};

}  // namespace

std::unique_ptr<Storage> memory_storage(const Schema& schema) { return std::make_unique<MemoryStorage>(schema); }

}  // namespace holdfast::client
