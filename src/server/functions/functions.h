// Functions: what a project calls where AppSync calls a Lambda: conflict handlers and fields of the author's own.
#pragma once

#include <string_view>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::server {

/// A port: the program answers it with HTTP endpoints and local executables, tests with what they like. Thread-safe.
class Functions {
 public:
  virtual ~Functions() = default;
  /// Gives `event`, JSON as a Lambda would get it, to the function of this name and returns the JSON it answers with.
  /// Blocks until then, at most as long as the function's own limit says. Codes: not_found (no function has this
  /// name), timed_out, unavailable (cannot be called), rejected (it failed: the message is its own words), malformed
  /// (it did not answer with JSON).
  [[nodiscard]] virtual Result<Value> call(std::string_view name, const Value& event) = 0;

  /// One call an event, and as many results in the same order. Whoever can does several at a time.
  [[nodiscard]] virtual std::vector<Result<Value>> call_all(std::string_view name, const std::vector<Value>& events) {
    std::vector<Result<Value>> results;
    for (const auto& event : events) results.push_back(call(name, event));
    return results;
  }

  /// Hands the event over; what the function answers is of interest to nobody. Codes: not_found, unavailable.
  [[nodiscard]] virtual Result<void> start(std::string_view name, const Value& event) {
    auto result = call(name, event);
    const bool is_started =
        result || (result.error().code != Code::not_found && result.error().code != Code::unavailable);
    return is_started ? Result<void>() : Result<void>(std::move(result).error());
  }
};

}  // namespace holdfast::server
