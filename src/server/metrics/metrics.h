// Metrics: what the backend counts of itself, and the text in which Prometheus reads it. No contents, no keys, and no
// label whose values come from callers.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::server {

// Each on a cache line of its own: threads that count different things do not wait for each other.
inline constexpr std::size_t cache_line_bytes = 64;

/// Only grows. Thread-safe, lock-free.
class alignas(cache_line_bytes) Counter {
 public:
  void add(std::uint64_t count = 1) noexcept { count_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_ = 0;
};

/// How many there are now: one for each Held. Thread-safe, lock-free.
class alignas(cache_line_bytes) Gauge {
 public:
  [[nodiscard]] std::int64_t level() const noexcept { return level_.load(std::memory_order_relaxed); }

 private:
  friend class Held;
  std::atomic<std::int64_t> level_ = 0;
};

/// One of those that a gauge counts, while it lives. The gauge outlives it. Movable.
class Held {
 public:
  Held() = default;
  explicit Held(Gauge& gauge) noexcept : gauge_(&gauge) { gauge_->level_.fetch_add(1, std::memory_order_relaxed); }
  Held(Held&& other) noexcept : gauge_(std::exchange(other.gauge_, nullptr)) {}
  Held& operator=(Held&& other) noexcept {
    std::swap(gauge_, other.gauge_);
    return *this;
  }
  ~Held() {
    if (gauge_ != nullptr) gauge_->level_.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  Gauge* gauge_ = nullptr;
};

/// Durations by bucket. Thread-safe, lock-free.
class alignas(cache_line_bytes) Histogram {
 public:
  /// Upper bounds in microseconds; longer ones have the last bucket.
  static constexpr std::array<std::int64_t, 14> bounds_us{
      100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000, 30'000'000};

  void observe(std::chrono::nanoseconds duration) noexcept;

 private:
  friend class Exposition;
  std::array<std::atomic<std::uint64_t>, bounds_us.size() + 1> counts_ = {};
  std::atomic<std::int64_t> sum_ns_ = 0;
};

/// What a request asked for; none when it was refused before that was known.
enum class OperationKind : std::uint8_t { none, query, mutation, subscription };
/// errors: an answer with errors in it. invalid: a document that is not for this API. refused: any other 4xx.
enum class Outcome : std::uint8_t { ok, errors, invalid, refused, unauthorized, failed };

/// The text format of Prometheus, written line by line.
class Exposition {
 public:
  /// What samples follow. `type`: "counter", "gauge" or "histogram".
  void family(std::string_view name, std::string_view type, std::string_view meaning);
  /// `labels` as in `a="b",c="d"`; may be empty.
  void sample(std::string_view labels, double value);
  void sample(std::string_view labels, std::uint64_t value);
  void sample(std::string_view labels, const Histogram& histogram);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void line(std::string_view suffix, std::string_view labels, const std::string& value);

  std::string name_;
  std::string text_;
};

struct Metrics {
  static constexpr std::size_t operation_kinds = 4, outcomes = 6;

  /// How durations are measured; without it none are. Thread-safe, never decreasing.
  std::function<std::chrono::nanoseconds()> stopwatch = {};

  std::array<std::array<Counter, outcomes>, operation_kinds> requests = {};
  std::array<Histogram, operation_kinds> durations = {};
  Counter documents_known = {};  ///< Parsed and checked before.
  Counter documents_new = {};
  Counter store_writes = {};
  Counter conflicts = {};        ///< Edits of an older version, however they ended.
  Gauge sockets = {};
  Gauge subscriptions = {};
  Counter frames_sent = {};
  Counter frame_bytes_sent = {};

  void write(Exposition& to) const;
};

/// One request, from its beginning to its end; counted when it is destroyed.
class Measurement {
 public:
  explicit Measurement(Metrics& metrics) : metrics_(metrics), begun_(now()) {}
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;
  ~Measurement();

  OperationKind operation = OperationKind::none;
  Outcome outcome = Outcome::failed;

 private:
  [[nodiscard]] std::chrono::nanoseconds now() const {
    return metrics_.stopwatch ? metrics_.stopwatch() : std::chrono::nanoseconds(0);
  }

  Metrics& metrics_;
  const std::chrono::nanoseconds begun_;
};

}  // namespace holdfast::server
