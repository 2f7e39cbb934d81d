// What live queries promise between threads. Meant for the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <thread>

#include "client/observe/observe.h"
#include "client/storage/memory/memory_storage.h"

namespace holdfast::observe {
namespace {

const Schema& schema() {
  static const Schema made = [] {
    Schema one;
    one.models = {{.name = "Item",
                   .fields = {{.name = "id", .scalar = Scalar::id}, {.name = "n", .scalar = Scalar::integer}},
                   .primary_key = {"id"}}};
    return one;
  }();
  return made;
}
const ModelSchema& item_model() { return schema().models.front(); }

/// A device in small: rows are numbered from 1 in the order of their commits, under its lock; told outside it.
class Device {
 public:
  void save() {
    {
      const std::scoped_lock lock(mutex_);
      Record record(item_model());
      record["id"] = "i" + std::to_string(++last_);
      record["n"] = last_;
      ASSERT_TRUE(storage_->write([&](client::Transaction& transaction) { return transaction.put(record, {}); }));
      observers.refresh({{ChangeType::inserted, Origin::local, std::move(record)}}, {});
    }
    observers.deliver();
  }
  Subscription watch(std::function<void(const Items<Record>&)> callback) {
    Subscription made;
    {
      const std::scoped_lock lock(mutex_);
      LiveQuery query(item_model(), {{.where = {}, .sort = {{"n"}}}, row_form<Record>()});
      std::vector<LiveQueries::FirstRow> rows;
      EXPECT_TRUE(storage_->query_placed(item_model(), {}, [&](Record& row, client::Place place) {
        rows.push_back({row.key().text(), query.row_of(row, place, {})});
      }));
      made = observers.add_query(std::move(query), std::move(rows),
                                 [callback = std::move(callback)](const Rows& shown, bool) { callback(Items<Record>(shown)); });
    }
    observers.deliver();
    return made;
  }

 private:
  std::mutex mutex_;
  std::int64_t last_ = 0;
  std::unique_ptr<client::Storage> storage_ = client::memory_storage(schema());

 public:
  Observers observers{Delivery::inline_calls, {}, {.place_of = [this](const ModelSchema& model, const Key& key) {
                        return std::optional(storage_->find(model, key)->place);
                      }}};
};

/// Every commit up to one of them, and no other: nothing is missed, nothing doubled.
void expect_one_moment(const Items<Record>& items) {
  std::int64_t n = 0;
  for (const auto& row : items) ASSERT_EQ(*row["n"].as_integer(), ++n);
}

// OQ16
TEST(LiveQueriesOnThreads, ShowMomentsInOrderWhileOthersCommit) {
  constexpr std::size_t saves_each = 100;
  Device device;
  std::size_t last = 0;
  const auto watching = device.watch([&](const Items<Record>& items) {
    expect_one_moment(items);
    EXPECT_GE(items.size(), last);
    last = items.size();
  });
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&] {
        for (std::size_t count = 0; count < saves_each; ++count) device.save();
      });
    }
  }
  EXPECT_EQ(last, 4 * saves_each);
}

// OQ13, OQ16
TEST(LiveQueriesOnThreads, ComeAndGoWhileOthersCommit) {
  Device device;
  std::jthread writer([&] {
    for (int count = 0; count < 500; ++count) device.save();
  });
  for (int round = 0; round < 50; ++round) {
    // After cancel() `seen` is nobody's but ours: the sanitizer would see a late callback.
    std::size_t seen = 0;
    auto watching = device.watch([&](const Items<Record>& items) {
      expect_one_moment(items);
      EXPECT_GE(items.size(), seen);
      seen = items.size();
    });
    device.save();
    watching.cancel();
    seen = 0;
  }
}

TEST(LiveQueriesOnThreads, CancelWaitsForTheRunningCallback) {
  Device device;
  std::latch entered{1};
  std::latch released{1};
  std::atomic<bool> has_left = false;
  auto watching = device.watch([&](const Items<Record>& items) {
    if (items.empty()) return;
    entered.count_down();
    released.wait();
    has_left = true;
  });
  std::jthread writer([&] { device.save(); });
  entered.wait();
  auto cancelled = std::async(std::launch::async, [&] {
    watching.cancel();
    EXPECT_TRUE(has_left);
  });
  released.count_down();
  cancelled.get();
}

TEST(LiveQueriesOnThreads, SnapshotsStayReadableElsewhere) {
  Device device;
  std::mutex mutex;
  Items<Record> kept;
  const auto watching = device.watch([&](const Items<Record>& items) {
    const std::scoped_lock lock(mutex);
    kept = items;
  });
  std::atomic<bool> is_done = false;
  std::jthread reader([&] {
    while (!is_done) {
      Items<Record> mine;
      {
        const std::scoped_lock lock(mutex);
        mine = kept;
      }
      expect_one_moment(mine);
    }
  });
  for (int count = 0; count < 300; ++count) device.save();
  is_done = true;
}

}  // namespace
}  // namespace holdfast::observe
