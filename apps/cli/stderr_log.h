// Log lines on standard error.
#pragma once

#include <mutex>

#include "base/log.h"

namespace holdfast::cli {

/// One JSON object a line: at, level, room, event, then the event's fields as strings. Thread-safe.
class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel level) : level_(level) {}
  [[nodiscard]] bool takes(LogLevel level) const noexcept override { return level <= level_; }
  void write(LogLevel level, std::string_view room, std::string_view event,
             std::initializer_list<LogField> fields) override;

 private:
  const LogLevel level_;
  std::mutex mutex_;
};

/// "error", "warning", "info" or "debug"; anything else is warning.
LogLevel log_level_named(std::string_view word) noexcept;

}  // namespace holdfast::cli
