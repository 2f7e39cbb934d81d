// Agenda: virtual time. Everything that will happen, ordered by (time, order of arrival).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.h"

namespace holdfast::simulation {

/// The Clock of the network, and the time of all others. Single-threaded.
class Agenda final : public Clock {
 public:
  [[nodiscard]] Instant wall() override { return from_epoch_ms(1'795'000'000'000) + now_.time_since_epoch(); }
  [[nodiscard]] Tick ticks() override { return now_; }
  void wake_at(Tick at, std::function<void()> task) override {
    tasks_.emplace(std::pair(std::max(at, now_), next_++), std::move(task));
  }
  void after(Milliseconds delay, std::function<void()> task) { wake_at(now_ + delay, std::move(task)); }

  [[nodiscard]] std::int64_t ms() const { return now_.time_since_epoch().count(); }
  /// Lets the next thing happen. False when nothing is left to happen.
  bool run_next() {
    if (tasks_.empty()) return false;
    auto first = tasks_.extract(tasks_.begin());
    now_ = first.key().first;
    first.mapped()();
    return true;
  }

 private:
  Tick now_{};
  std::uint64_t next_ = 0;
  std::map<std::pair<Tick, std::uint64_t>, std::function<void()>> tasks_;
};

/// The agenda's time, with a wall clock that is wrong by `skew` and moves on in steps of `grain` only.
class SkewedClock final : public Clock {
 public:
  explicit SkewedClock(Agenda& agenda, Milliseconds skew = {}, Milliseconds grain = Milliseconds(1))
      : agenda_(agenda), skew_(skew), grain_(grain) {}
  [[nodiscard]] Instant wall() override {
    const auto exact = epoch_ms(agenda_.wall());
    return from_epoch_ms(exact - exact % grain_.count()) + skew_;
  }
  [[nodiscard]] Tick ticks() override { return agenda_.ticks(); }
  void wake_at(Tick at, std::function<void()> task) override { agenda_.wake_at(at, std::move(task)); }
  /// The wall clock jumps, forwards or back.
  void set_skew(Milliseconds skew) { skew_ = skew; }

 private:
  Agenda& agenda_;
  Milliseconds skew_;
  Milliseconds grain_;
};

}  // namespace holdfast::simulation
