#include "net/timers.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <iterator>
#include <utility>

namespace holdfast::net {
namespace {

// Ticks may lie beyond what the alarm's nanoseconds can count; it rings this often at least and looks again.
constexpr std::chrono::hours alarm_max{1};

}  // namespace

Tick tick_now() { return std::chrono::time_point_cast<Milliseconds>(std::chrono::steady_clock::now()); }

void Timers::add(Tick at, std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (is_shut_) return;
  const auto place = waiting_.emplace(at, std::move(task));
  if (place == waiting_.begin()) boost::asio::post(io_, [this] { arm(); });
}

void Timers::shut() {
  std::multimap<Tick, std::function<void()>> dropped;  // Outlives the lock: what a task owns may add tasks as it dies.
  const std::lock_guard lock(mutex_);
  is_shut_ = true;
  dropped.swap(waiting_);
}

void Timers::arm() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return;
  alarm_.expires_at(std::min(waiting_.begin()->first, tick_now() + alarm_max));
  alarm_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) run_due();
  });
}

void Timers::run_due() {
  std::multimap<Tick, std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    const auto end = waiting_.upper_bound(tick_now());
    for (auto task = waiting_.begin(); task != end;) due.insert(due.end(), waiting_.extract(task++));
  }
  // Tasks that are added meanwhile wait for the next round, so that connections get their turn.
  for (auto& [at, task] : due) std::exchange(task, nullptr)();
  arm();
}

}  // namespace holdfast::net
