// What observers promise between threads. Meant for the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <thread>

#include "client/observe/observe.h"

namespace holdfast::observe {
namespace {

const ModelSchema& item_model() {
  static const ModelSchema model{
      .name = "Item",
      .fields = {{.name = "id", .scalar = Scalar::id}, {.name = "n", .scalar = Scalar::integer}},
      .primary_key = {"id"}};
  return model;
}

RecordChange change(std::int64_t n) {
  Record record(item_model());
  record["id"] = "i";
  record["n"] = n;
  return {ChangeType::updated, Origin::local, std::move(record)};
}

/// A device in small: commits are numbered and queued under its lock, delivered outside it.
class Device {
 public:
  void save() {
    {
      const std::scoped_lock lock(mutex_);
      observers.queue({change(++last_)});
    }
    observers.deliver();
  }
  Observers observers{Delivery::inline_calls};

 private:
  std::mutex mutex_;
  std::int64_t last_ = 0;
};

/// A callback that waits inside itself until it is let go.
struct Gate {
  std::latch entered{1};
  std::latch released{1};
  std::atomic<bool> has_left = false;
  void pass() {
    entered.count_down();
    released.wait();
    has_left = true;
  }
};

TEST(ObserversOnThreads, HearConcurrentCommitsInCommitOrderOneAtATime) {
  constexpr std::int64_t saves_each = 500;
  Device device;
  std::int64_t last = 0;
  bool is_inside = false;
  const auto subscription = device.observers.add(item_model(), {}, [&](const RecordChange& what) {
    EXPECT_FALSE(std::exchange(is_inside, true));
    EXPECT_EQ(*what.record["n"].as_integer(), ++last);
    is_inside = false;
  });
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&] {
        for (std::int64_t count = 0; count < saves_each; ++count) device.save();
      });
    }
  }
  EXPECT_EQ(last, 4 * saves_each);
}

TEST(ObserversOnThreads, CancelWaitsForTheRunningCallback) {
  Device device;
  Gate gate;
  auto subscription = device.observers.add(item_model(), {}, [&](const RecordChange&) { gate.pass(); });
  std::jthread writer([&] { device.save(); });
  gate.entered.wait();
  auto cancelled = std::async(std::launch::async, [&] {
    subscription.cancel();
    EXPECT_TRUE(gate.has_left);
  });
  gate.released.count_down();
  cancelled.get();
}

TEST(ObserversOnThreads, CancelDoesNotWaitForAnothersCallback) {
  Device device;
  Gate gate;
  const auto slow = device.observers.add(item_model(), {}, [&](const RecordChange&) { gate.pass(); });
  auto other = device.observers.add(item_model(), {}, [](const RecordChange&) { ADD_FAILURE() << "was cancelled"; });
  std::jthread writer([&] { device.save(); });
  gate.entered.wait();
  other.cancel();
  EXPECT_FALSE(gate.has_left);
  gate.released.count_down();
}

TEST(ObserversOnThreads, SettleAndCloseWaitForTheRunningCallback) {
  for (const bool closes : {false, true}) {
    Device device;
    Gate gate;
    const auto subscription = device.observers.add(item_model(), {}, [&](const RecordChange&) { gate.pass(); });
    std::jthread writer([&] { device.save(); });
    gate.entered.wait();
    auto waited = std::async(std::launch::async, [&] {
      closes ? device.observers.close() : device.observers.settle();
      EXPECT_TRUE(gate.has_left);
    });
    gate.released.count_down();
    waited.get();
  }
}

TEST(ObserversOnThreads, ComeAndGoWhileOthersCommit) {
  Device device;
  std::atomic<bool> is_done = false;
  std::jthread writer([&] {
    while (!is_done) device.save();
  });
  for (int round = 0; round < 300; ++round) {
    // After cancel() `heard` is nobody's but ours: the sanitizer would see a late callback.
    std::int64_t heard = 0;
    auto subscription = device.observers.add(item_model(), {}, [&](const RecordChange&) { ++heard; });
    device.save();
    subscription.cancel();
    heard = -1;
    EXPECT_EQ(heard, -1);
  }
  is_done = true;
}

}  // namespace
}  // namespace holdfast::observe
