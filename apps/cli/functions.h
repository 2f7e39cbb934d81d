// PlacedFunctions: functions as HTTP endpoints and local executables, where the settings say that they are.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/transport.h"
#include "holdfast/time.h"
#include "server/functions/functions.h"
#include "server/functions/slots.h"

namespace holdfast::cli {

/// Where one function is: either an address or a command.
struct FunctionPlace {
  std::string url = {};                                 ///< Events are posted here, and the answer's body is taken.
  std::vector<std::string> command = {};                ///< A program and its arguments: event on standard input,
                                                        ///< answer on standard output. No shell.
  std::vector<std::string> environment = {};            ///< "NAME=value": of the command, which has our PATH besides
                                                        ///< when there is none here.
  Milliseconds limit{30'000};                           ///< As long as AppSync waits for a Lambda.
};

struct FunctionSettings {
  std::map<std::string, FunctionPlace, std::less<>> places = {};  ///< By the name in the schema, without "-${env}".
  std::size_t running_max = 16;                                   ///< Calls at once; further ones fail.
};

/// Longer answers are refused, as by AWS Lambda.
inline constexpr std::size_t function_answer_bytes_max = std::size_t{6} << 20;

/// `NAME=http://…` or `NAME=program argument …`, words parted by spaces. Code: invalid_argument.
Result<std::pair<std::string, FunctionPlace>> read_function(const std::string& text);
/// What a place lacks or has too much of. Code: invalid_argument, naming the function.
Result<void> check_place(const std::string& name, const FunctionPlace& place);

/// Thread-safe. Blocks its callers; not to be called on the transport's own thread. Its end waits for what start() set
/// going.
class PlacedFunctions final : public server::Functions {
 public:
  /// `transport` refuses answers longer than function_answer_bytes_max. Both outlive this.
  PlacedFunctions(FunctionSettings settings, Transport& transport, Log& log);
  ~PlacedFunctions() override;

  [[nodiscard]] Result<Value> call(std::string_view name, const Value& event) override;
  [[nodiscard]] std::vector<Result<Value>> call_all(std::string_view name, const std::vector<Value>& events) override;
  [[nodiscard]] Result<void> start(std::string_view name, const Value& event) override;
  /// Waits for what start() set going, so long at most. Whether all of it has ended.
  [[nodiscard]] bool wait_for_started(Milliseconds patience);

 private:
  struct Named {
    std::string name;
    const FunctionPlace* place;
  };
  [[nodiscard]] Result<Named> named(std::string_view name) const;
  [[nodiscard]] Error busy(const std::string& name) const;
  [[nodiscard]] Result<Value> run(const Named& function, const Value& event);
  [[nodiscard]] Result<Value> post(const Named& function, const Value& event);
  [[nodiscard]] Result<Value> execute(const Named& function, const Value& event);
  void tell(const std::string& name, LogLevel level, std::string_view complaints);

  const FunctionSettings settings_;
  Transport& transport_;
  Log& log_;
  server::Slots slots_;
  std::mutex mutex_;  // Guards started_.
  std::condition_variable has_ended_;
  std::size_t started_ = 0;
};

}  // namespace holdfast::cli
