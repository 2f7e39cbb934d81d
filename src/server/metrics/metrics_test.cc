#include "server/metrics/metrics.h"

#include <gtest/gtest.h>

namespace holdfast::server {
namespace {

using namespace std::chrono_literals;

TEST(Metrics, ARequestIsCountedByWhatItAskedAndHowItEndedWithItsDuration) {
  Metrics metrics;
  auto now = 0ns;
  metrics.stopwatch = [&now] { return now; };
  {
    Measurement measurement(metrics);
    measurement.operation = OperationKind::query;
    measurement.outcome = Outcome::ok;
    now += 1500us;
  }
  { const Measurement broken_off(metrics); }
  Exposition text;
  metrics.write(text);
  EXPECT_NE(text.text().find("holdfast_requests_total{operation=\"query\",outcome=\"ok\"} 1\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_requests_total{operation=\"none\",outcome=\"failed\"} 1\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_request_seconds_bucket{operation=\"query\",le=\"0.001\"} 0\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_request_seconds_bucket{operation=\"query\",le=\"0.0025\"} 1\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_request_seconds_bucket{operation=\"query\",le=\"+Inf\"} 1\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_request_seconds_sum{operation=\"query\"} 0.0015\n"), std::string::npos);
  EXPECT_NE(text.text().find("holdfast_request_seconds_count{operation=\"query\"} 1\n"), std::string::npos);
}

TEST(Metrics, ADurationOnABoundIsBelowIt) {
  Histogram histogram;
  histogram.observe(100us);
  histogram.observe(100us + 1ns);
  histogram.observe(1h);
  Exposition text;
  text.family("h", "histogram", "For a test.");
  text.sample("", histogram);
  EXPECT_NE(text.text().find("h_bucket{le=\"0.0001\"} 1\nh_bucket{le=\"0.00025\"} 2\n"), std::string::npos) << text.text();
  EXPECT_NE(text.text().find("h_bucket{le=\"30\"} 2\nh_bucket{le=\"+Inf\"} 3\n"), std::string::npos) << text.text();
}

TEST(Metrics, AGaugeCountsWhatIsHeld) {
  Gauge gauge;
  {
    Held one(gauge);
    Held other;
    other = std::move(one);
    const Held another(gauge);
    EXPECT_EQ(gauge.level(), 2);
  }
  EXPECT_EQ(gauge.level(), 0);
}

TEST(Metrics, EveryFamilyIsDescribedOnceAndTyped) {
  const Metrics metrics;
  Exposition text;
  metrics.write(text);
  EXPECT_EQ(text.text().rfind("# HELP holdfast_requests_total "), 0U);
  for (const char* family : {"holdfast_documents_total", "holdfast_store_writes_total", "holdfast_sockets",
                             "holdfast_subscriptions", "holdfast_frames_sent_total", "holdfast_conflicts_total"}) {
    EXPECT_NE(text.text().find(std::string("# TYPE ") + family + " "), std::string::npos) << family;
  }
}

}  // namespace
}  // namespace holdfast::server
