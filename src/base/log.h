// Log: what the program says of itself. A port. Never record contents, keys or tokens: ids, counts, codes, durations.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast {

/// error: someone must act. warning: we recovered. info: state transitions. debug: one line a step.
enum class LogLevel : std::uint8_t { error, warning, info, debug };

struct LogField {
  std::string_view name;
  std::string value;
};

/// Thread-safe.
class Log {
 public:
  virtual ~Log() = default;
  [[nodiscard]] virtual bool takes(LogLevel level) const noexcept = 0;
  /// `event` is a stable word from the glossary, `room` the folder that speaks.
  virtual void write(LogLevel level, std::string_view room, std::string_view event,
                     std::initializer_list<LogField> fields) = 0;
};

/// Takes nothing.
Log& silent_log() noexcept;

}  // namespace holdfast
