// What observers receive, and the handle that keeps an observation alive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "holdfast/record.h"

namespace holdfast {

enum class ChangeType : std::uint8_t { inserted, updated, removed };
std::string_view name(ChangeType type) noexcept;  ///< "inserted", "updated", "removed".

/// Who caused a change: the application on this device, or the sync engine.
enum class Origin : std::uint8_t { local, remote };

/// One committed change of a visible row. For `removed`, `record` is the row as it was.
struct RecordChange {
  ChangeType type = ChangeType::inserted;
  Origin origin = Origin::local;
  Record record;
};

/// A RecordChange in the application's type.
template <class M>
struct Change {
  ChangeType type = ChangeType::inserted;
  Origin origin = Origin::local;
  M element;
};

/// Keeps an observation alive; ends it on destruction. After cancel() or the destructor returns, the callback is
/// not running on another thread and will not be called again. Both are safe inside the callback itself.
/// Owned by one thread at a time, like any value; the observation behind it may run on others. May outlive the store.
class Subscription {
 public:
  Subscription() noexcept = default;
  explicit Subscription(std::function<void()> cancel) : cancel_(std::move(cancel)) {}
  Subscription(Subscription&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}
  Subscription& operator=(Subscription&& other) noexcept {
    if (this != &other) {
      cancel();
      cancel_ = std::exchange(other.cancel_, nullptr);
    }
    return *this;
  }
  ~Subscription() { cancel(); }

  void cancel() noexcept {
    if (auto cancel = std::exchange(cancel_, nullptr)) cancel();
  }

 private:
  std::function<void()> cancel_;
};

}  // namespace holdfast
