// Setting: one line of the table of settings, from which file, environment, flags, `config show` and the guide are made.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/config/serve_settings.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::cli {

/// How a setting is written, and what its Value holds: text, path, choice: string; texts, paths: list of strings;
/// toggle: boolean; count: integer; bytes: integer, written as 1048576 or "1 MiB"; duration: integer of milliseconds,
/// written as "30s"; moment: string. Null is a setting that is not set.
enum class Kind : std::uint8_t { text, path, choice, texts, paths, toggle, count, bytes, duration, moment };

struct Setting {
  std::string name = {};  ///< As in the file: "limits.body_bytes". `*` stands for names of the user's: "models.*.conflict".
  Kind kind = Kind::text;
  std::string meaning = {};  ///< Half a sentence for help and guide.
  std::string unset = {};    ///< What holds when it is not set, for those without a default value.
  std::vector<std::string> choices = {};
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  bool is_secret = false;
  /// The value that holds without it; null for names of the user's.
  std::function<Value(const ServeSettings&)> get = {};
  /// `of` is what stands for the `*`. `value` is as `read` gives it.
  std::function<void(ServeSettings&, std::string_view of, const Value& value)> set = {};

  [[nodiscard]] bool is_of_names() const noexcept { return name.find('*') != std::string::npos; }
  [[nodiscard]] std::string flag() const;         ///< "--limits-body-bytes"; nothing of names has one.
  [[nodiscard]] std::string environment() const;  ///< "HOLDFAST_LIMITS_BODY_BYTES"; the `*` stays.
};

/// All of them, in the order of the guide.
const std::vector<Setting>& setting_table();

/// What stands in the file, checked: of the right type, one of the choices, within the bounds. The message says what is
/// wrong and what would be right. Code: invalid_argument.
Result<Value> read(const Setting& setting, const Value& written);
/// As `read`, of a flag or an environment variable, where everything is text.
Result<Value> read_text(const Setting& setting, const std::string& text);
/// As it would stand in the file; secrets masked. Empty for null.
std::string written(const Setting& setting, const Value& value);
/// "90d", "30s", "1500ms".
std::string duration_text(std::int64_t milliseconds);

}  // namespace holdfast::cli
