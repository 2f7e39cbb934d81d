// Slots: how many may do something at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace holdfast::server {

/// Thread-safe. Whoever gets no slot is not made to wait for one.
class Slots {
 public:
  explicit Slots(std::size_t count) : free_(count) {}

  /// One of the slots, given back at its end; or none.
  class Slot {
   public:
    explicit Slot(Slots* slots) : slots_(slots) {}
    Slot(Slot&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (slots_ != nullptr) ++slots_->free_;
    }
    explicit operator bool() const noexcept { return slots_ != nullptr; }

   private:
    Slots* slots_;
  };

  [[nodiscard]] Slot take() noexcept {
    auto free = free_.load();
    while (free > 0) {
      if (free_.compare_exchange_weak(free, free - 1)) return Slot(this);
    }
    return Slot(nullptr);
  }

 private:
  std::atomic<std::size_t> free_;
};

}  // namespace holdfast::server
