// Kept: values that stay where they are until the whole ends.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace holdfast::graphql {

/// Grows by blocks, each twice as long as the one before; has none until the first value. (A deque has one from its beginning,
/// and most executions need none of most.) References stay valid until what they refer to is cut off.
template <class T>
class Kept {
 public:
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    if (blocks_.empty() || blocks_.back().size() == blocks_.back().capacity()) {
      const auto capacity = blocks_.empty() ? first_block : 2 * blocks_.back().capacity();
      blocks_.emplace_back().reserve(capacity);
    }
    ++size_;
    return blocks_.back().emplace_back(std::forward<Arguments>(arguments)...);
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Leaves the first `size`.
  void cut(std::size_t size) {
    while (size_ > size) {
      blocks_.back().pop_back();
      if (blocks_.back().empty()) blocks_.pop_back();
      --size_;
    }
  }

 private:
  static constexpr std::size_t first_block = 4;

  std::vector<std::vector<T>> blocks_;  // None is ever longer than its capacity was at first.
  std::size_t size_ = 0;
};

}  // namespace holdfast::graphql
