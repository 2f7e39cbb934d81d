// The contract that every Store keeps: store_contract_test.cc, run for each kind that instantiates it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "server/store/store.h"

namespace holdfast::server {

/// A clock that stands still until it is set. Thread-safe only while nobody sets it.
class StillClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() override { return now; }
  [[nodiscard]] Tick ticks() override { return Tick(now.time_since_epoch()); }
  void wake_at(Tick, std::function<void()>) override {}

  Instant now = from_epoch_ms(1'000'000);
};

/// What a store is opened in: a place that outlives it.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  virtual Result<std::unique_ptr<Store>> open(const Schema& schema, Clock& clock) = 0;
  [[nodiscard]] virtual bool keeps_its_content() const = 0;  ///< Whether a second open() finds what was written.
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StorePlace>()> make_place;
  friend void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }  // GoogleTest's name for it.
};

/// Posts and comments in an empty store.
class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  StoreContract();

  /// Closes the store and opens it again in the same place.
  void reopen();
  [[nodiscard]] Record post(const std::string& id, const std::string& title = "t", std::int64_t rating = 0) const;
  PutOutcome put(Record record, std::int64_t expected_version, bool is_deleted = false, std::string mutation_id = {});
  /// Writes version 1 of a post and gives its image.
  Image create(const std::string& id, const std::string& title = "t", std::int64_t rating = 0);
  /// Every image of the list, page by page.
  std::vector<Image> listed(Store::ListOptions options);

  Schema schema_;
  const ModelSchema& posts_;
  const ModelSchema& comments_;
  StillClock clock_;
  std::unique_ptr<StorePlace> place_;
  std::unique_ptr<Store> store_;
};

/// Posts with ratings 0 to 3 and titles of three kinds in two blogs; some without a rating, some tombstones.
class IndexContract : public StoreContract {
 protected:
  IndexContract();

  std::vector<Image> all() { return listed({.with_tombstones = true, .limit = 1000}); }
  /// The ids of all pages of one partition.
  std::vector<std::string> read(Store::IndexOptions options, const std::vector<Value>& partition);
  /// The read gives what sorting everything gives, in both directions and for pages of any size.
  void expect_as_sorted(Store::IndexOptions options, const std::vector<Value>& partition);
};

/// Writes a minute apart, and what trim() leaves of them.
class TrimContract : public StoreContract {
 protected:
  void write(const std::string& id, std::int64_t expected_version, bool is_deleted = false, std::string mutation_id = {});
  /// To the end, in batches.
  void trim(Instant changes_before, Instant tombstones_before = {}, std::uint32_t rows_max = 100);
  /// The versions of a post that the log still has.
  std::vector<std::int64_t> kept(const std::string& id);
};

/// Every look at it takes a second.
class SlowClock final : public Clock {
 public:
  [[nodiscard]] Instant wall() override { return from_epoch_ms(1'000'000 + ++writes_); }
  [[nodiscard]] Tick ticks() override { return now_ += Milliseconds(1'000); }
  void wake_at(Tick, std::function<void()>) override {}

 private:
  std::int64_t writes_ = 0;
  Tick now_{};
};

/// Reads of many rows in a request that has little time.
class DeadlineContract : public StoreContract {
 protected:
  DeadlineContract();
  ~DeadlineContract() override { store_.reset(); }  // Before its clock.

  /// Posts of one blog, or what is left of deleted ones.
  void fill(int rows, bool are_deleted);
  /// The read ends in a request of a few seconds, and is whole afterwards.
  void expect_ended(const std::function<Result<void>()>& read);

  SlowClock slow_clock_;
};

Key key_of(const std::string& id);
std::vector<std::string> ids_of(const std::vector<Image>& images);
std::vector<std::string> ids_of(const Images& images);

inline std::string name_of(const testing::TestParamInfo<StoreKind>& kind) { return kind.param.name; }

}  // namespace holdfast::server
