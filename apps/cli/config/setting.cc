#include "apps/cli/config/setting.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/json.h"
#include "holdfast/temporal.h"
#include "schema/names.h"

namespace holdfast::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Largest first: a value is written in the largest unit that divides it.
constexpr std::array<Unit, 5> time_units{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 4> size_units{{{"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}, {"B", 1}}};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A number and a unit, blanks between them or none. Nothing too when it does not fit.
template <std::size_t count>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<Unit, count>& units) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = whole_number(text.substr(0, digits));
  auto rest = text.substr(digits);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  for (const auto& unit : units) {
    if (number && rest == unit.name && *number <= std::numeric_limits<std::int64_t>::max() / unit.factor) {
      return *number * unit.factor;
    }
  }
  return std::nullopt;
}

template <std::size_t count>
std::string in_units(std::int64_t value, const std::array<Unit, count>& units, std::string_view between) {
  for (const auto& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string(between) + std::string(unit.name);
    }
  }
  return std::to_string(value) + std::string(between) + std::string(units.back().name);
}

std::string bound_text(const Setting& setting, std::int64_t bound) {
  if (setting.kind == Kind::duration) return "\"" + in_units(bound, time_units, "") + "\"";
  if (setting.kind == Kind::bytes) return "\"" + in_units(bound, size_units, " ") + "\"";
  return std::to_string(bound);
}

std::string wanted(const Setting& setting) {
  switch (setting.kind) {
    case Kind::toggle: return "true or false";
    case Kind::count: return "a whole number";
    case Kind::bytes: return "a number of bytes, such as 1048576 or \"1 MiB\"";
    case Kind::moment: return "an instant, such as \"2027-01-31T09:30:00Z\"";
    case Kind::duration: return "a time with its unit, such as \"30s\" (units: ms, s, m, h, d)";
    case Kind::choice: return "one of " + schema::listed(setting.choices);
    case Kind::texts:
    case Kind::paths: return "a text, or a list of texts";
    case Kind::text:
    case Kind::path: break;
  }
  return "a text";
}

Error unfit(const Setting& setting, const std::string& what) {
  return Error{Code::invalid_argument, setting.name + " " + what + "; give " + wanted(setting) + "."};
}

Result<Value> bounded(const Setting& setting, std::int64_t number) {
  if (number >= setting.least && number <= setting.most) return Value(number);
  const bool is_open = setting.most == std::numeric_limits<std::int64_t>::max();
  return Error{Code::invalid_argument, setting.name + " must be " +
                                           (is_open ? "at least " + bound_text(setting, setting.least)
                                                    : "from " + bound_text(setting, setting.least) + " to " +
                                                          bound_text(setting, setting.most)) +
                                           "."};
}

Result<Value> read_number(const Setting& setting, const Value& written) {
  if (const auto* number = written.as_integer(); number && setting.kind != Kind::duration) {
    return bounded(setting, *number);
  }
  const auto* text = written.as_string();
  if (text == nullptr || setting.kind == Kind::count) return unfit(setting, "is not a number");
  const auto number = setting.kind == Kind::bytes ? with_unit(*text, size_units) : with_unit(*text, time_units);
  if (!number) return unfit(setting, "is written in a way that is not understood");
  return bounded(setting, *number);
}

Result<Value> read_texts(const Setting& setting, const Value& written) {
  if (written.as_string() != nullptr) return Value(List{written});
  const auto* list = written.as_list();
  if (list == nullptr) return unfit(setting, "is of another type");
  for (const auto& item : *list) {
    if (item.as_string() == nullptr) return unfit(setting, "holds something that is no text");
  }
  return written;
}

Result<Value> read_string(const Setting& setting, const Value& written) {
  const auto* text = written.as_string();
  if (text == nullptr) return unfit(setting, "is of another type");
  if (setting.kind == Kind::moment && !read_date_time(*text)) {
    return unfit(setting, "is written in a way that is not understood");
  }
  const auto& choices = setting.choices;
  if (setting.kind == Kind::choice && std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    return unfit(setting, "cannot be \"" + *text + "\"");
  }
  return written;
}

List parts_of(const std::string& text) {
  List parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string joined_name(const Setting& setting, char between, bool is_upper) {
  auto name = setting.name;
  for (auto& each : name) {
    if (each == '.' || each == '_') each = between;
    if (is_upper && each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
  }
  return name;
}

std::string without_credentials(const std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const auto begin = scheme + 3;
  const auto query = std::min(text.find('?', begin), text.size());
  const auto user = text.substr(0, std::min(text.find('/', begin), query)).rfind('@');
  const bool has_user = user != std::string::npos && user >= begin;
  const auto shown = has_user ? "***" + text.substr(user, query - user) : text.substr(begin, query - begin);
  return text.substr(0, begin) + shown + (query < text.size() ? "?***" : "");
}

/// Addresses of services may carry what opens them.
Value without_credentials(const Value& value) {
  if (const auto* text = value.as_string()) return without_credentials(*text);
  const auto* list = value.as_list();
  if (list == nullptr) return value;
  List shown;
  for (const auto& item : *list) shown.push_back(without_credentials(item));
  return shown;
}

}  // namespace

std::string Setting::flag() const { return "--" + joined_name(*this, '-', false); }
std::string Setting::environment() const { return "HOLDFAST_" + joined_name(*this, '_', true); }

Result<Value> read(const Setting& setting, const Value& written) {
  switch (setting.kind) {
    case Kind::toggle:
      if (written.as_boolean() == nullptr) return unfit(setting, "is of another type");
      return written;
    case Kind::count:
    case Kind::bytes:
    case Kind::duration: return read_number(setting, written);
    case Kind::texts:
    case Kind::paths: return read_texts(setting, written);
    case Kind::text:
    case Kind::path:
    case Kind::moment:
    case Kind::choice: break;
  }
  return read_string(setting, written);
}

Result<Value> read_text(const Setting& setting, const std::string& text) {
  if (setting.kind == Kind::toggle) {
    if (text == "true" || text == "1") return Value(true);
    if (text == "false" || text == "0") return Value(false);
  }
  if (setting.kind == Kind::texts || setting.kind == Kind::paths) return Value(parts_of(text));
  if (setting.kind == Kind::count || setting.kind == Kind::bytes) {
    if (const auto number = whole_number(text)) return read(setting, *number);
  }
  return read(setting, text);
}

std::string written(const Setting& setting, const Value& value) {
  if (value.is_null()) return "";
  if (setting.is_secret) return "\"***\"";
  const auto* number = value.as_integer();
  if (number && setting.kind == Kind::duration) return "\"" + duration_text(*number) + "\"";
  if (number && setting.kind == Kind::bytes) return "\"" + in_units(*number, size_units, " ") + "\"";
  // JSON is TOML, too, for texts, lists of texts, numbers and booleans.
  return json::write(without_credentials(value));
}

std::string duration_text(std::int64_t milliseconds) { return in_units(milliseconds, time_units, ""); }

}  // namespace holdfast::cli
