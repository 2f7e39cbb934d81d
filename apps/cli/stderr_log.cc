#include "apps/cli/stderr_log.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "base/instant.h"
#include "base/json.h"

namespace holdfast::cli {
namespace {

constexpr std::array<std::string_view, 4> words{"error", "warning", "info", "debug"};  // In the order of LogLevel.

void append(std::string& line, std::string_view name, std::string_view value) {
  line += line.empty() ? '{' : ',';
  json::write_string(name, line);
  line += ':';
  json::write_string(value, line);
}

}  // namespace

void StderrLog::write(LogLevel level, std::string_view room, std::string_view event,
                      std::initializer_list<LogField> fields) {
  if (!takes(level)) return;
  std::string line;
  append(line, "at", iso8601(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now())));
  append(line, "level", words.at(static_cast<std::size_t>(level)));
  append(line, "room", room);
  append(line, "event", event);
  for (const auto& field : fields) append(line, field.name, field.value);
  line += "}\n";
  const std::lock_guard lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

LogLevel log_level_named(std::string_view word) noexcept {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words.at(at) == word) return static_cast<LogLevel>(at);
  }
  return LogLevel::warning;
}

}  // namespace holdfast::cli
