#include "client/sync/waits.h"

#include <algorithm>

#include "client/sync/outcome.h"

namespace holdfast::sync {

Waits::Waits(const Ports& ports)
    : ports_(ports), backoff_(ports.random, ports.options.retry_delay_min, ports.options.retry_delay_max) {}

void Waits::clear() {
  backoff_.reset();
  all_until_.reset();
  failing_.clear();
  waits_.clear();
}

bool Waits::add(Time now, std::int64_t entry, const protocol::ReplyError& error) {
  const bool is_refused = outcome_of(error.failure).deed == Deed::ask_later;
  const auto at_least = protocol::wait_asked_for(error, now.wall);
  if (!error.concerns_all) hold(now.ticks, entry, at_least, is_refused);
  if (!error.concerns_all && !is_refused) failing_.insert(entry);
  const bool is_for_all = error.concerns_all || failing_.size() >= failures_max;
  return !is_for_all || hold_all(now.ticks, at_least, is_refused);
}

bool Waits::hold_all(Tick now, Milliseconds at_least, bool is_refused) {
  const bool is_held = all_until_ && now < *all_until_;
  const auto delay = is_held ? at_least : std::max(at_least, is_refused ? backoff_.longest() : backoff_.next());
  all_until_ = is_held ? std::max(*all_until_, now + delay) : now + delay;
  return !is_held;
}

void Waits::hold(Tick now, std::int64_t entry, Milliseconds at_least, bool is_refused) {
  const Backoff fresh(ports_.random, ports_.options.retry_delay_min, ports_.options.retry_delay_max);
  auto& wait = waits_.try_emplace(entry, Wait{fresh}).first->second;
  wait.until = now + std::max(at_least, is_refused ? wait.backoff.longest() : wait.backoff.next());
}

void Waits::settle(std::int64_t entry) {
  backoff_.reset();
  failing_.clear();
  waits_.erase(entry);
}

bool Waits::end_until(Tick now) {
  const auto end = [now](std::optional<Tick>& until) {
    if (!until || now < *until) return false;
    until.reset();
    return true;
  };
  bool has_ended = end(all_until_);
  for (auto& [entry, wait] : waits_) has_ended = end(wait.until) || has_ended;
  return has_ended;
}

bool Waits::holds(std::int64_t entry) const {
  const auto found = waits_.find(entry);
  return found != waits_.end() && found->second.until.has_value();
}

std::optional<Tick> Waits::next_end() const {
  // No entry leaves before all may, however short its own wait.
  if (all_until_) return all_until_;
  std::optional<Tick> earliest;
  for (const auto& [entry, wait] : waits_) {
    if (wait.until && (!earliest || *wait.until < *earliest)) earliest = wait.until;
  }
  return earliest;
}

}  // namespace holdfast::sync
