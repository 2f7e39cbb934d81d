// Results, errors and assertions: how every function of Holdfast says what went wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace holdfast {

/// Why an operation did not succeed. Closed: callers may switch over it. What each code means, whether
/// trying again can help and what the caller should do stands in one table, `explain(Code)`.
enum class Code : std::uint8_t {
  invalid_argument,   ///< The call itself is wrong: unknown field, bad value, wrong option.
  not_found,          ///< The named record, file or operation does not exist.
  condition_failed,   ///< A condition was evaluated and did not hold; nothing was written.
  conflict,           ///< The service holds another version and refused to merge.
  unauthorized,       ///< The service does not accept our credentials.
  unavailable,        ///< The other side cannot be reached or is overloaded; trying again helps.
  timed_out,          ///< No answer in time; the operation may or may not have happened.
  rejected,           ///< The service refused for good; the same request will fail again.
  malformed,          ///< Input from outside could not be understood: JSON, GraphQL, frame, file.
  schema_error,       ///< The schema is wrong, or does not fit the data.
  storage_failed,     ///< The local disk or database failed.
  disk_full,          ///< No room left; nothing was written.
  corrupt,            ///< The database file is damaged.
  limit_exceeded,     ///< A documented limit was reached.
  closed,             ///< The store, connection or server was closed.
  unsupported,        ///< Understood, but not offered here.
};

/// The stable lower-case word for a code, for logs, JSON and tests ("condition_failed").
std::string_view name(Code code) noexcept;

struct CodeGuide {  ///< What explain() tells of a code.
  std::string_view meaning;
  bool may_retry = false;
  std::string_view remedy;
};

/// One row of the error table. Never fails.
const CodeGuide& explain(Code code) noexcept;

struct Error {
  Code code = Code::invalid_argument;
  std::string message;  ///< A sentence for people: what happened, where, what to do next.

  friend bool operator==(const Error&, const Error&) = default;
};

/// Stops the program with `what`, file and line. For mistakes in Holdfast or in its use, never for the world's faults.
[[noreturn]] void assertion_failed(const char* condition, const char* what, const char* file, int line) noexcept;

/// A value or an Error. Its interface is a subset of std::expected, so that it can become an alias of it.
/// Not thread-safe; like any value, share it const.
template <class T>
class [[nodiscard]] Result {
  using Held = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  using value_type = T;

  // Implicit on purpose: `return value;` and `return Error{...};` are how functions end.
  Result() requires std::is_default_constructible_v<Held> = default;
  template <class U = Held>
    requires(!std::is_void_v<T> && std::is_constructible_v<Held, U &&> &&
             !std::is_same_v<std::remove_cvref_t<U>, Result> && !std::is_same_v<std::remove_cvref_t<U>, Error>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }  ///< Whether it holds a value.
  explicit operator bool() const noexcept { return has_value(); }

  /// The value. Asserts that there is one.
  Held& operator*() & { return checked(*this); }
  const Held& operator*() const& { return checked(*this); }
  Held&& operator*() && { return std::move(checked(*this)); }
  Held* operator->() { return &checked(*this); }
  const Held* operator->() const { return &checked(*this); }

  /// The value, or throws std::runtime_error with the error's message: for programs that like exceptions.
  Held& value() &;
  const Held& value() const&;
  Held value() &&;  ///< No reference into a temporary: `for (auto& post : store.query<Post>().value())` is right.

  /// The error. Asserts that there is one.
  const Error& error() const& { return failed(*this); }
  Error&& error() && { return std::move(failed(*this)); }

  template <class U>
  Held value_or(U&& other) const& {  ///< The value, or `other`.
    return has_value() ? std::get<0>(state_) : static_cast<Held>(std::forward<U>(other));
  }
  template <class U>
  Held value_or(U&& other) && {  ///< The value, or `other`.
    return has_value() ? std::get<0>(std::move(state_)) : static_cast<Held>(std::forward<U>(other));
  }

  template <class F>
  auto and_then(F&& next) && {  ///< What `next` returns for the value; an error passes.
    using Next = std::invoke_result_t<F, Held&&>;
    return has_value() ? std::forward<F>(next)(std::get<0>(std::move(state_))) : Next(std::move(*this).error());
  }
  template <class F>
  auto transform(F&& change) && {  ///< The changed value; an error passes.
    using Next = Result<std::remove_cvref_t<std::invoke_result_t<F, Held&&>>>;
    return has_value() ? Next(std::forward<F>(change)(std::get<0>(std::move(state_)))) : Next(std::move(*this).error());
  }

  /// Drops the result on purpose; `why` is for the reader.
  void ignore(std::string_view why) const noexcept { static_cast<void>(why); }

  friend bool operator==(const Result&, const Result&) = default;

 private:
  template <class Self>
  static auto& checked(Self& self) {
    if (!self.has_value()) assertion_failed("has_value()", std::get<1>(self.state_).message.c_str(), "result.h", 0);
    return std::get<0>(self.state_);
  }
  template <class Self>
  static auto& failed(Self& self) {
    if (self.has_value()) assertion_failed("!has_value()", "error() of a result that holds a value", "result.h", 0);
    return std::get<1>(self.state_);
  }

  std::variant<Held, Error> state_;
};

/// Throws a std::runtime_error with the error's word and message; called only by Result::value().
[[noreturn]] void throw_bad_result(const Error& error);

template <class T>
auto Result<T>::value() & -> Held& {
  if (!has_value()) throw_bad_result(error());
  return std::get<0>(state_);
}
template <class T>
auto Result<T>::value() const& -> const Held& {
  if (!has_value()) throw_bad_result(error());
  return std::get<0>(state_);
}
template <class T>
auto Result<T>::value() && -> Held {
  if (!has_value()) throw_bad_result(error());
  return std::get<0>(std::move(state_));
}

}  // namespace holdfast

/// Always on, in release too: an invariant of ours that does not hold must not reach a disk.
#define HOLDFAST_ASSERT(condition, what) \
  ((condition) ? static_cast<void>(0) : ::holdfast::assertion_failed(#condition, what, __FILE__, __LINE__))

/// Declares `name` as the value of `expression`, or returns its error from the enclosing function. The name may stay
/// unused: for results without a value.
#define HOLDFAST_TRY(name, expression)                              \
  auto name##_result = (expression);                                \
  if (!name##_result) return std::move(name##_result).error();      \
  [[maybe_unused]] auto& name = *name##_result
