// Boxed: what generated models hold where a type contains itself.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "holdfast/model.h"

namespace holdfast {

/// A T or nothing, as std::optional is, for a T that is not defined yet: `type Node { next: Node }` becomes
/// `struct Node { holdfast::Boxed<Node> next; }`. A value like any other: copied and compared whole. Null by default.
/// Costs an allocation when it is not null. Not for use from two threads at once unless both only read.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(std::nullopt_t) noexcept {}
  Boxed(const T& value) : held_(std::make_unique<T>(value)) {}
  Boxed(T&& value) : held_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  ~Boxed() = default;
  Boxed& operator=(const Boxed& other) {
    // The copy is whole before anything of ours goes: `other` may be a part of it.
    held_ = Boxed(other).held_;
    return *this;
  }
  Boxed& operator=(Boxed&& other) noexcept {
    held_ = std::exchange(other.held_, nullptr);
    return *this;
  }

  [[nodiscard]] bool has_value() const noexcept { return held_ != nullptr; }  ///< Whether it is not null.
  explicit operator bool() const noexcept { return has_value(); }
  /// Not to be called when null.
  T& operator*() noexcept { return *held_; }
  const T& operator*() const noexcept { return *held_; }
  T* operator->() noexcept { return held_.get(); }
  const T* operator->() const noexcept { return held_.get(); }
  /// A new default T in place of what was held.
  T& emplace() { return *(held_ = std::make_unique<T>()); }
  void reset() noexcept { held_.reset(); }

  friend bool operator==(const Boxed& left, const Boxed& right) {
    return left && right ? *left == *right : left.has_value() == right.has_value();
  }

 private:
  std::unique_ptr<T> held_;
};

/// As for std::optional.
template <class T>
Value to_value(const Boxed<T>& value) { return value ? to_value(*value) : Value(); }
template <class T>
void from_value(Value&& value, Boxed<T>& target) {
  if (value.is_null()) return target.reset();
  from_value(std::move(value), target.emplace());
}

}  // namespace holdfast
