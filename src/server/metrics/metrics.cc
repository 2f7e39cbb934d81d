#include "server/metrics/metrics.h"

#include <algorithm>
#include <cstdio>

namespace holdfast::server {
namespace {

constexpr std::array<std::string_view, Metrics::operation_kinds> operation_words{"none", "query", "mutation",
                                                                                 "subscription"};
constexpr std::array<std::string_view, Metrics::outcomes> outcome_words{"ok",      "errors",       "invalid",
                                                                        "refused", "unauthorized", "failed"};

std::string decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return text.data();
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

void write_requests(const Metrics& metrics, Exposition& to) {
  to.family("holdfast_requests_total", "counter", "Requests to the GraphQL endpoint by operation and outcome.");
  for (std::size_t kind = 0; kind < Metrics::operation_kinds; ++kind) {
    for (std::size_t outcome = 0; outcome < Metrics::outcomes; ++outcome) {
      const auto labels =
          label("operation", operation_words.at(kind)) + "," + label("outcome", outcome_words.at(outcome));
      to.sample(labels, metrics.requests.at(kind).at(outcome).count());
    }
  }
  to.family("holdfast_request_seconds", "histogram", "How long making the answer took.");
  for (std::size_t kind = 0; kind < Metrics::operation_kinds; ++kind) {
    to.sample(label("operation", operation_words.at(kind)), metrics.durations.at(kind));
  }
}

}  // namespace

void Histogram::observe(std::chrono::nanoseconds duration) noexcept {
  const auto microseconds = std::chrono::ceil<std::chrono::microseconds>(duration).count();
  const auto bucket = std::lower_bound(bounds_us.begin(), bounds_us.end(), microseconds) - bounds_us.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_ns_.fetch_add(duration.count(), std::memory_order_relaxed);
}

void Exposition::family(std::string_view name, std::string_view type, std::string_view meaning) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(meaning).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Exposition::sample(std::string_view labels, double value) { line("", labels, decimal(value)); }
void Exposition::sample(std::string_view labels, std::uint64_t value) { line("", labels, std::to_string(value)); }

void Exposition::sample(std::string_view labels, const Histogram& histogram) {
  const auto all = std::string(labels) + (labels.empty() ? "" : ",");
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < histogram.counts_.size(); ++at) {
    count += histogram.counts_.at(at).load(std::memory_order_relaxed);
    const bool is_last = at == Histogram::bounds_us.size();
    const auto bound = is_last ? "+Inf" : decimal(static_cast<double>(Histogram::bounds_us.at(at)) / 1e6);
    line("_bucket", all + label("le", bound), std::to_string(count));
  }
  line("_sum", labels, decimal(static_cast<double>(histogram.sum_ns_.load(std::memory_order_relaxed)) / 1e9));
  line("_count", labels, std::to_string(count));
}

void Exposition::line(std::string_view suffix, std::string_view labels, const std::string& value) {
  text_.append(name_).append(suffix);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_.append(" ").append(value).append("\n");
}

void Metrics::write(Exposition& to) const {
  write_requests(*this, to);
  to.family("holdfast_documents_total", "counter", "Documents by whether they were parsed and checked before.");
  to.sample(label("cache", "hit"), documents_known.count());
  to.sample(label("cache", "miss"), documents_new.count());
  const auto counter = [&to](std::string_view name, const Counter& counted, std::string_view meaning) {
    to.family(name, "counter", meaning);
    to.sample("", counted.count());
  };
  counter("holdfast_store_writes_total", store_writes, "Accepted writes of records.");
  counter("holdfast_conflicts_total", conflicts, "Edits of an older version, merged or refused.");
  counter("holdfast_frames_sent_total", frames_sent, "Frames given to realtime sockets.");
  counter("holdfast_frame_bytes_sent_total", frame_bytes_sent, "Bytes of those frames.");
  to.family("holdfast_sockets", "gauge", "Open realtime sockets.");
  to.sample("", static_cast<std::uint64_t>(sockets.level()));
  to.family("holdfast_subscriptions", "gauge", "Open subscriptions.");
  to.sample("", static_cast<std::uint64_t>(subscriptions.level()));
}

Measurement::~Measurement() {
  const auto kind = static_cast<std::size_t>(operation);
  metrics_.requests.at(kind).at(static_cast<std::size_t>(outcome)).add();
  if (metrics_.stopwatch) metrics_.durations.at(kind).observe(now() - begun_);
}

}  // namespace holdfast::server
