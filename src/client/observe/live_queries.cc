#include "client/observe/live_queries.h"

#include <algorithm>
#include <utility>

namespace holdfast::observe {

/// A live query, what it has to show, and marks of the step that is under way.
struct Watch {
  QueryId id = 0;
  LiveQuery query;
  bool is_synced = false;
  bool is_due = false;                     ///< Given out, and not taken yet.
  bool is_stale = false;                   ///< Of a query that spans models: one has changed since it was read.
  bool has_news = true;                    ///< Of the same: something is to be shown whatever is read.
  std::size_t batched_count = 0;           ///< Changes that wait to be shown.
  std::optional<Tick> release_at = {};     ///< When they are shown at the latest.
  std::uint64_t matched_step = 0;          ///< The step in which it matched the record.
  std::uint64_t member_step = 0;           ///< The step in which the record was found to be its member.
};

/// What a commit did to one row in the end.
struct LiveQueries::NetChange {
  const RecordChange* change = nullptr;    ///< The last one of this row.
  Watched* watched = nullptr;
  std::string key = {};
  bool is_inserted = false;                ///< At a new place, whatever stood under the key before.
  std::size_t inserted_at = 0;             ///< Of the last insertion, among the changes.
  bool is_local = false;
  std::vector<QueryId> matches = {};       ///< Whom the row belongs to after it.
  bool is_place_needed = false;
  std::optional<client::Place> place = {};

  [[nodiscard]] bool is_removal() const noexcept { return change->type == ChangeType::removed; }
};

LiveQueries::LiveQueries(StoreReads reads) : reads_(std::move(reads)) {}
LiveQueries::~LiveQueries() = default;

void LiveQueries::add(QueryId id, LiveQuery query, std::vector<FirstRow> rows) {
  const std::scoped_lock lock(mutex_);
  const auto [entry, is_new] =
      watches_.emplace(id, std::make_unique<Watch>(Watch{.id = id, .query = std::move(query)}));
  auto& watch = *entry->second;
  const auto& model = watch.query.model();
  watch.is_synced = is_synced(watch.query);
  watch.is_due = true;
  if (watch.query.spans_models()) {
    add_spanning(watch, std::move(rows));
    return;
  }
  auto& watched = models_[model.name];
  std::vector<RowPointer> kept;
  kept.reserve(rows.size());
  for (auto& [key, row] : rows) {
    auto& [text, members] = *watched.members.try_emplace(std::move(key)).first;
    last_place_ = std::max(last_place_, row.position.place);
    row.key = text;
    members.push_back({&watch, std::make_shared<const Row>(std::move(row))});
    kept.push_back(members.back().row);
  }
  watch.query.assign(std::move(kept));
  watched.interest.add(watch, watch.query.where(), model);
}

/// Its rows are not found by their keys: nothing looks for them.
void LiveQueries::add_spanning(Watch& watch, std::vector<FirstRow> rows) {
  std::vector<Row> first;
  first.reserve(rows.size());
  for (auto& row : rows) first.push_back(std::move(row.row));
  watch.query.refresh(std::move(first));
  for (const auto& model : watch.query.span()) spanning_[model].push_back(&watch);
}

void LiveQueries::remove(QueryId id) {
  std::unique_lock lock(mutex_);
  const auto removed = watches_.extract(id);
  if (removed.empty()) return;
  auto& watch = *removed.mapped();
  for (const auto& model : watch.query.span()) std::erase(spanning_.at(model), &watch);
  if (watch.query.spans_models()) {
    lock.unlock();  // As below.
    return;
  }
  auto& watched = models_.at(watch.query.model().name);
  watched.interest.remove(watch, watch.query.where(), watch.query.model());
  watch.query.visit([&](const Row& row) {
    const auto line = watched.members.find(std::string(row.key));
    std::erase_if(line->second, [&watch](const Member& member) { return member.watch == &watch; });
    if (line->second.empty()) watched.members.erase(line);
  });
  lock.unlock();  // Before `removed` goes, and the application's rows with it.
}

std::optional<LiveQueries::Shown> LiveQueries::take(QueryId id) {
  const auto stale = begin_take(id);
  auto rows = stale ? read_again(*stale) : std::nullopt;
  const std::scoped_lock lock(mutex_);
  const auto found = watches_.find(id);
  if (found == watches_.end()) return std::nullopt;
  auto& watch = *found->second;
  if (stale && !rows) watch.is_stale = true;  // Until the next change of what it spans.
  const bool has_changed = rows && watch.query.refresh(std::move(*rows));
  const bool has_news = std::exchange(watch.has_news, false);
  if (watch.query.spans_models() && !has_changed && !has_news) return std::nullopt;
  return Shown{watch.query.shown(), watch.is_synced};
}

/// From here on a change makes the query due again. The query as it has to be read, when it is stale.
std::optional<LiveQuery> LiveQueries::begin_take(QueryId id) {
  const std::scoped_lock lock(mutex_);
  const auto found = watches_.find(id);
  if (found == watches_.end()) return std::nullopt;
  auto& watch = *found->second;
  watch.is_due = false;
  watch.batched_count = 0;
  watch.release_at.reset();
  return std::exchange(watch.is_stale, false) ? std::optional(watch.query.blank()) : std::nullopt;
}

/// Without the lock: commits go on meanwhile. Null when the storage cannot be read.
std::optional<std::vector<Row>> LiveQueries::read_again(const LiveQuery& query) const {
  std::vector<Row> rows;
  const auto read = reads_.rows(query.model(), query.whole(), [&](Record& record, client::Place place) {
    Record taken(query.model());
    taken.values.swap(record.values);
    rows.push_back(query.row_of(std::move(taken), place, {}));
  });
  return read ? std::optional(std::move(rows)) : std::nullopt;
}

// --- one commit ----------------------------------------------------------------------------------------------

LiveQueries::Due LiveQueries::apply(const std::vector<RecordChange>& changes, Tick now) {
  auto net = net_of(changes);
  find_places(net);
  Due due;
  const std::scoped_lock lock(mutex_);
  for (const auto& change : net) apply(change, now, due);
  if (!spanning_.empty()) {
    for (const auto& change : changes) make_stale(change, now, due);
  }
  std::sort(due.queries.begin(), due.queries.end());
  return due;
}

/// The changed rows of models that somebody watches, each once, with the queries that they belong to now.
std::vector<LiveQueries::NetChange> LiveQueries::net_of(const std::vector<RecordChange>& changes) {
  const std::scoped_lock lock(mutex_);
  std::vector<NetChange> net;
  if (watches_.empty()) return net;
  std::map<std::pair<const Watched*, std::string>, std::size_t> known;
  for (std::size_t at = 0; at < changes.size(); ++at) {
    const auto& change = changes[at];
    const auto watched = models_.find(change.record.model->name);
    if (watched == models_.end()) continue;
    auto key = change.record.key().text();
    auto index = net.size();
    if (changes.size() > 1) index = known.try_emplace({&watched->second, key}, index).first->second;
    if (index == net.size()) net.push_back({.watched = &watched->second, .key = std::move(key)});
    auto& row = net[index];
    row.change = &change;
    row.is_local = row.is_local || change.origin == Origin::local;
    if (change.type != ChangeType::inserted) continue;
    row.is_inserted = true;
    row.inserted_at = at;
  }
  for (auto& row : net) match(row);
  return net;
}

void LiveQueries::match(NetChange& change) {
  if (change.is_removal()) return;
  const auto& record = change.change->record;
  const auto step = ++steps_;
  const auto line = change.watched->members.find(change.key);
  if (line != change.watched->members.end() && !change.is_inserted) {
    for (const auto& member : line->second) member.watch->member_step = step;
  }
  change.watched->interest.visit(record, [&](Watch& watch) {
    if (!evaluate(watch.query.where(), record, TimeOrder::by_instant)) return;
    change.matches.push_back(watch.id);
    change.is_place_needed = change.is_place_needed || watch.member_step != step;
  });
}

/// A row that enters a result has to be told from its equals there. The storage is asked, of rows that enter only.
void LiveQueries::find_places(std::vector<NetChange>& changes) {
  std::map<const Watched*, std::vector<NetChange*>> inserted;
  for (auto& change : changes) {
    if (change.is_inserted && !change.is_removal()) {
      inserted[change.watched].push_back(&change);
    } else if (change.is_place_needed) {
      change.place = place_of(change);
    }
  }
  for (auto& [watched, rows] : inserted) {
    const bool is_needed =
        std::any_of(rows.begin(), rows.end(), [](const NetChange* row) { return row->is_place_needed; });
    if (is_needed) find_inserted_places(std::move(rows));
  }
}

/// Rows that were inserted one after the other stand so: of a long page, only the first and the last are asked for.
void LiveQueries::find_inserted_places(std::vector<NetChange*> inserted) {
  std::sort(inserted.begin(), inserted.end(),
            [](auto* left, auto* right) { return left->inserted_at < right->inserted_at; });
  const auto first = place_of(*inserted.front());
  const auto last = place_of(*inserted.back());
  const bool is_dense = last - first == static_cast<client::Place>(inserted.size()) - 1;
  for (std::size_t at = 0; at < inserted.size(); ++at) {
    inserted[at]->place = is_dense ? first + static_cast<client::Place>(at) : place_of(*inserted[at]);
  }
}

client::Place LiveQueries::place_of(const NetChange& change) {
  const auto& record = change.change->record;
  const auto place = reads_.place_of(*record.model, record.key());
  // Gone again, by another process: at the end, until that is noticed.
  last_place_ = std::max(last_place_, place ? *place : last_place_ + 1);
  return place ? *place : last_place_;
}

void LiveQueries::apply(const NetChange& change, Tick now, Due& due) {
  const auto step = ++steps_;
  const bool waits = may_wait(*change.change->record.model, change.is_local);
  for (const auto id : change.matches) {
    if (const auto watch = watches_.find(id); watch != watches_.end()) watch->second->matched_step = step;
  }
  auto& lines = change.watched->members;
  auto line = lines.find(change.key);
  if (line != lines.end()) update_members(change, line->second, now, due);
  for (const auto id : change.matches) {
    const auto found = watches_.find(id);
    if (found == watches_.end() || found->second->member_step == step) continue;
    auto& watch = *found->second;
    if (line == lines.end()) line = lines.try_emplace(change.key).first;
    auto row = std::make_shared<const Row>(watch.query.row_of(change.change->record, *change.place, line->first));
    line->second.push_back({&watch, row});
    if (watch.query.enter(std::move(row))) note(watch, waits, now, due);
  }
  if (line != lines.end() && line->second.empty()) lines.erase(line);
}

/// Those that have the row already: it leaves them, moves, or is another now.
void LiveQueries::update_members(const NetChange& change, std::vector<Member>& members, Tick now, Due& due) {
  const auto step = steps_;
  const bool waits = may_wait(*change.change->record.model, change.is_local);
  std::erase_if(members, [&](Member& member) {
    auto& watch = *member.watch;
    const bool stays = watch.matched_step == step && !change.is_inserted;
    if (!stays) {
      if (watch.query.leave(*member.row)) note(watch, waits, now, due);
      return true;
    }
    watch.member_step = step;
    auto after = watch.query.updated(member.row, change.change->record);
    if (after == member.row) return false;
    if (watch.query.replace(*member.row, after)) note(watch, waits, now, due);
    member.row = std::move(after);
    return false;
  });
}

/// Which rows of these queries come or go, a change of another model does not tell.
void LiveQueries::make_stale(const RecordChange& change, Tick now, Due& due) {
  const auto& model = *change.record.model;
  const auto found = spanning_.find(model.name);
  if (found == spanning_.end()) return;
  const bool waits = may_wait(model, change.origin == Origin::local);
  for (auto* watch : found->second) {
    watch->is_stale = true;
    note(*watch, waits, now, due);
  }
}

// --- what is due ---------------------------------------------------------------------------------------------

void LiveQueries::show(Watch& watch, Due& due) {
  if (std::exchange(watch.is_due, true)) return;
  due.queries.push_back(watch.id);
}

bool LiveQueries::may_wait(const ModelSchema& changed, bool is_local) const {
  const bool is_hydrating = phase_ == Phase::syncing && !synced_.contains(changed.name);
  return !is_local && is_hydrating;
}

/// What is shown has changed: now, or with the batch.
void LiveQueries::note(Watch& watch, bool may_wait, Tick now, Due& due) {
  if (watch.is_due) return;
  ++watch.batched_count;
  if (!may_wait || watch.batched_count >= batch_changes_max) return show(watch, due);
  if (watch.release_at) return;
  watch.release_at = now + batch_time_max;
  due.release_at = watch.release_at;
}

LiveQueries::Due LiveQueries::release(Tick now) {
  const std::scoped_lock lock(mutex_);
  Due due;
  for (auto& [id, watch] : watches_) {
    if (watch->release_at && *watch->release_at <= now) show(*watch, due);
  }
  return due;
}

LiveQueries::Due LiveQueries::clear() {
  const std::scoped_lock lock(mutex_);
  Due due;
  for (auto& [id, watch] : watches_) {
    // One that is being read may get rows of before.
    watch->is_stale = watch->query.spans_models();
    const bool showed = watch->query.clear();
    watch->has_news = watch->has_news || showed;
    if (showed || watch->is_stale) show(*watch, due);
  }
  for (auto& [name, watched] : models_) watched.members.clear();
  return due;
}

// --- sync state ----------------------------------------------------------------------------------------------

/// With every model that it looks at.
bool LiveQueries::is_synced(const LiveQuery& query) const {
  const auto is_known = [this](const std::string& model) { return synced_.contains(model); };
  const bool is_complete = query.spans_models() ? std::all_of(query.span().begin(), query.span().end(), is_known)
                                                : is_known(query.model().name);
  return phase_ == Phase::never_started || (phase_ == Phase::syncing && is_complete);
}

LiveQueries::Due LiveQueries::show_sync_state() {
  Due due;
  for (auto& [id, watch] : watches_) {
    const bool state = is_synced(watch->query);
    if (std::exchange(watch->is_synced, state) == state) continue;
    watch->has_news = true;
    show(*watch, due);
  }
  return due;
}

LiveQueries::Due LiveQueries::begin_sync() {
  const std::scoped_lock lock(mutex_);
  phase_ = Phase::syncing;
  synced_.clear();
  return show_sync_state();
}

LiveQueries::Due LiveQueries::finish_sync(const std::string& model) {
  const std::scoped_lock lock(mutex_);
  if (phase_ == Phase::syncing) synced_.insert(model);
  return show_sync_state();
}

LiveQueries::Due LiveQueries::end_sync() {
  const std::scoped_lock lock(mutex_);
  if (phase_ == Phase::syncing) phase_ = Phase::stopped;
  synced_.clear();
  return show_sync_state();
}

}  // namespace holdfast::observe
