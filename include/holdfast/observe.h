// What observers and live queries receive, and the handle that keeps an observation alive.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "holdfast/record.h"

namespace holdfast {

enum class ChangeType : std::uint8_t { inserted, updated, removed };  ///< What became of a row.
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

// --- live queries --------------------------------------------------------------------------------------------

/// The rows of a live query as they were at one commit, each in the form its RowForm made. Immutable; a copy costs
/// as much as a pointer. What it refers to lives as long as any copy. Safe to read from any thread.
class Rows {
 public:
  class Content;  ///< The store's own.

  Rows() = default;
  Rows(std::shared_ptr<const Content> content, std::size_t first, std::size_t count) noexcept
      : content_(std::move(content)), first_(first), count_(count) {}

  [[nodiscard]] std::size_t size() const noexcept { return count_; }  ///< How many rows.
  /// Rows that lie side by side, `index` first: empty beyond the end, at least one before it.
  [[nodiscard]] std::span<const void* const> run(std::size_t index) const noexcept;

 private:
  std::shared_ptr<const Content> content_;  // Shared with the store and other copies, so that nothing is copied.
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

/// How rows are handed out. Called under the store's lock: neither may call the store.
struct RowForm {
  std::shared_ptr<const void> (*make)(Record&& record) = nullptr;  ///< What is handed out for a record.
  bool (*is_equal)(const void* left, const void* right) = nullptr;  ///< Null: any update counts as a change.
};

/// The form in which `M`, a model or Record itself, is handed out.
template <class M>
RowForm row_form() {
  RowForm form;
  form.make = [](Record&& record) -> std::shared_ptr<const void> {
    if constexpr (std::same_as<M, Record>) {
      return std::make_shared<const Record>(std::move(record));
    } else {
      return std::make_shared<const M>(M::from_record(std::move(record)));
    }
  };
  if constexpr (std::equality_comparable<M>) {
    form.is_equal = [](const void* left, const void* right) {
      return *static_cast<const M*>(left) == *static_cast<const M*>(right);
    };
  }
  return form;
}

/// Rows in the application's type: a random access range of `const M&`. As Rows; an element and an iterator are valid
/// as long as any copy of the range.
template <class M>
class Items {
 public:
  class Iterator {  ///< Valid as long as any copy of the range.
   public:
    using iterator_concept = std::random_access_iterator_tag;
    using iterator_category = std::random_access_iterator_tag;
    using value_type = M;
    using difference_type = std::ptrdiff_t;
    using reference = const M&;
    using pointer = const M*;

    Iterator() = default;
    Iterator(Rows rows, std::size_t index) : rows_(std::move(rows)), index_(index) { find(); }

    reference operator*() const noexcept { return *operator->(); }
    pointer operator->() const noexcept { return static_cast<pointer>(run_[at_]); }
    reference operator[](difference_type by) const { return *(*this + by); }
    Iterator& operator++() {
      ++index_;
      if (++at_ == run_.size()) find();
      return *this;
    }
    Iterator& operator--() { return *this += -1; }
    Iterator operator++(int) {
      auto before = *this;
      ++*this;
      return before;
    }
    Iterator operator--(int) {
      auto before = *this;
      --*this;
      return before;
    }
    Iterator& operator+=(difference_type by) {
      index_ = static_cast<std::size_t>(static_cast<difference_type>(index_) + by);
      find();
      return *this;
    }
    Iterator& operator-=(difference_type by) { return *this += -by; }
    friend Iterator operator+(Iterator from, difference_type by) { return from += by; }
    friend Iterator operator+(difference_type by, Iterator from) { return from += by; }
    friend Iterator operator-(Iterator from, difference_type by) { return from -= by; }
    friend difference_type operator-(const Iterator& left, const Iterator& right) noexcept {
      return static_cast<difference_type>(left.index_) - static_cast<difference_type>(right.index_);
    }
    /// Meaningful for iterators of one range, as everywhere.
    friend bool operator==(const Iterator& left, const Iterator& right) noexcept { return left.index_ == right.index_; }
    friend auto operator<=>(const Iterator& left, const Iterator& right) noexcept { return left.index_ <=> right.index_; }

   private:
    void find() {
      run_ = rows_.run(index_);
      at_ = 0;
    }

    Rows rows_;
    std::span<const void* const> run_;
    std::size_t index_ = 0;
    std::size_t at_ = 0;  ///< In the run.
  };
  using value_type = M;
  using iterator = Iterator;
  using const_iterator = Iterator;

  Items() = default;
  explicit Items(Rows rows) noexcept : rows_(std::move(rows)) {}

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }  ///< How many rows.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// `index` < size().
  const M& operator[](std::size_t index) const noexcept { return *static_cast<const M*>(rows_.run(index).front()); }
  [[nodiscard]] Iterator begin() const { return {rows_, 0}; }
  [[nodiscard]] Iterator end() const { return {rows_, size()}; }

 private:
  Rows rows_;
};

/// The whole result of a live query: what query() would have returned at that commit.
template <class M>
struct Snapshot {
  Items<M> items;
  /// Whether the model has been synced since start(); true as well in a store that was never started, which has
  /// nothing to wait for. False from stop() on.
  bool is_synced = false;
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

  void cancel() noexcept {  ///< Ends the observation. Idempotent.
    if (auto cancel = std::exchange(cancel_, nullptr)) cancel();
  }

 private:
  std::function<void()> cancel_;
};

}  // namespace holdfast
