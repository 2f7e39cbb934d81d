// What other processes on the same database do, told here: decision 0014.
#include <mutex>
#include <utility>

#include "client/device_inside.h"
#include "model/keyed.h"

namespace holdfast {
namespace {

/// How often the device looks whether another process has changed its database, or has left the turn to sync.
constexpr Milliseconds look_interval{100};

}  // namespace

void Device::Inside::watch_neighbours() {
  if (!neighbours_ || is_closed_) return;
  around_.clock.wake_at(around_.clock.ticks() + look_interval, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_around();
  });
}

void Device::Inside::look_around() {
  if (is_closed_) return;
  if (neighbours_->has_moved() || is_waiting_for_turn_) {
    {
      const std::lock_guard lock(mutex_);
      neighbours_->look().ignore("what cannot be read now is looked for again");
      act_on(tell_news());
      if (selection_ && !engine_) begin_engine();
    }
    flush();
  }
  watch_neighbours();
}

/// Under the lock: what others have committed reaches observers and live queries, as it was committed.
Device::Inside::Told Device::Inside::tell_news() {
  if (!neighbours_) return {};
  auto news = neighbours_->take_news();
  if (news.is_empty()) return {};
  Told told{.is_cleared = news.is_cleared};
  for (const auto& change : news.changes) {
    told.changed.push_back({change.record.model, change.record.key()});
    if (change.origin == Origin::local) told.queued.push_back(told.changed.back());
  }
  if (news.is_cleared) observers_.clear_queries();
  if (news.is_incomplete) {
    tell_every_row();
  } else {
    refresh(news.changes);
  }
  observers_.queue(std::move(news.changes));
  return told;
}

/// Under the lock, at the end of a step.
void Device::Inside::act_on(Told told) {
  if (!engine_) return;
  if (told.is_cleared) {
    // Its state was cleared with the rows: it begins anew.
    end_engine();
    return begin_engine();
  }
  if (!told.queued.empty()) step(sync::event::Saved{std::move(told.queued)});
}

/// The live queries anew; observers are not told what cannot be known.
void Device::Inside::tell_every_row() {
  observers_.clear_queries();
  for (const auto& model : schema_.models) {
    std::vector<RecordChange> rows;
    const auto read = storage_->query(model, {}, [&rows](Record& row) {
      rows.push_back({ChangeType::inserted, Origin::remote, row});
    });
    if (read) refresh(rows);
  }
}

/// The rows as they are now, for whom a change before may have been told last.
void Device::Inside::tell_again(const std::vector<outbox::RecordName>& records) {
  std::vector<RecordChange> changes;
  for (const auto& [model, key] : records) {
    auto stored = storage_->find(*model, key);
    if (!stored) continue;
    // Of a row that is gone, the key is all that is left to say.
    const auto type = stored->record ? ChangeType::updated : ChangeType::removed;
    changes.push_back({type, Origin::remote, stored->record ? std::move(*stored->record) : keyed_record(*model, key)});
  }
  refresh(changes);
}

}  // namespace holdfast
