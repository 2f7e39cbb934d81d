#include "model/scalar_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/json.h"

namespace holdfast {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

/// Reads a text from the left.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool take(char letter) {
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` digits, with a value from low to high; -1 when it is not so.
  int number(std::size_t digits, int low, int high) {
    if (rest_.size() < digits) return -1;
    int value = 0;
    for (const char letter : rest_.substr(0, digits)) {
      if (!is_digit(letter)) return -1;
      value = value * 10 + (letter - '0');
    }
    rest_.remove_prefix(digits);
    return value >= low && value <= high ? value : -1;
  }
  std::size_t take_digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(count);
    return count;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool take_date(Cursor& at) {
  constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int year = at.number(4, 0, 9999);
  if (year < 0 || !at.take('-')) return false;
  const int month = at.number(2, 1, 12);
  if (month < 0 || !at.take('-')) return false;
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int length = lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
  return at.number(2, 1, length) > 0;
}

bool take_time(Cursor& at) {
  if (at.number(2, 0, 23) < 0 || !at.take(':') || at.number(2, 0, 59) < 0) return false;
  if (!at.take(':')) return true;
  if (at.number(2, 0, 59) < 0) return false;
  if (!at.take('.')) return true;
  const auto digits = at.take_digits();
  return digits >= 1 && digits <= 9;
}

bool take_offset(Cursor& at) {
  if (at.take('Z')) return true;
  if (!at.take('+') && !at.take('-')) return false;
  if (at.number(2, 0, 18) < 0 || !at.take(':') || at.number(2, 0, 59) < 0) return false;
  return !at.take(':') || at.number(2, 0, 59) >= 0;
}

bool is_date(std::string_view text) {
  Cursor at(text);
  return take_date(at) && (at.at_end() || (take_offset(at) && at.at_end()));
}

bool is_time(std::string_view text) {
  Cursor at(text);
  return take_time(at) && (at.at_end() || (take_offset(at) && at.at_end()));
}

bool is_date_time(std::string_view text) {
  Cursor at(text);
  return take_date(at) && at.take('T') && take_time(at) && take_offset(at) && at.at_end();
}

bool is_blank_free(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char letter) { return letter == ' ' || (letter >= 0 && letter < ' '); });
}

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > 320 || !is_blank_free(text)) return false;
  const auto domain = text.substr(at + 1);
  return !domain.empty() && domain.front() != '.' && domain.back() != '.' &&
         text.substr(0, at).find('@') == std::string_view::npos;
}

bool is_url(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front()) || !is_blank_free(text)) return false;
  const auto scheme = text.substr(0, colon);
  const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char letter) {
    return is_letter(letter) || is_digit(letter) || letter == '+' || letter == '-' || letter == '.';
  });
  auto rest = text.substr(colon + 1);
  if (rest.substr(0, 2) == "//") rest.remove_prefix(2);
  return is_scheme && !rest.empty();
}

/// Digits, grouped by spaces or hyphens as people write them, with an optional country code.
bool is_phone(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::size_t digits = 0;
  for (const char letter : text) {
    if (is_digit(letter))
      ++digits;
    else if (letter != ' ' && letter != '-' && letter != '(' && letter != ')')
      return false;
  }
  return digits >= 3 && digits <= 15;
}

bool is_short_number(std::string_view text, int high) {
  if (text.empty() || text.size() > 3 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  return std::stoi(std::string(text)) <= high;
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  while (true) {
    const auto dot = text.find('.');
    if (!is_short_number(text.substr(0, dot), 255)) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

/// How many 16-bit groups a run of `a:b:c` has; nullopt when it is none. A dotted end counts as two.
std::optional<int> group_count(std::string_view text) {
  if (text.empty()) return 0;
  int groups = 0;
  while (true) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    const bool is_last = colon == std::string_view::npos;
    if (is_last && group.find('.') != std::string_view::npos) {
      return is_ipv4(group) ? std::optional(groups + 2) : std::nullopt;
    }
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex)) return std::nullopt;
    ++groups;
    if (is_last) return groups;
    text.remove_prefix(colon + 1);
  }
}

bool is_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) return group_count(text) == 8;
  const auto before = group_count(text.substr(0, gap));
  const auto after = group_count(text.substr(gap + 2));
  return before && after && *before + *after <= 7;
}

bool is_ip(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const bool is_v4 = is_ipv4(address);
  if (!is_v4 && !is_ipv6(address)) return false;
  return slash == std::string_view::npos || is_short_number(text.substr(slash + 1), is_v4 ? 32 : 128);
}

}  // namespace

bool fits_scalar(Scalar scalar, std::string_view text) {
  switch (scalar) {
    case Scalar::aws_date: return is_date(text);
    case Scalar::aws_time: return is_time(text);
    case Scalar::aws_date_time: return is_date_time(text);
    case Scalar::aws_email: return is_email(text);
    case Scalar::aws_json: return json::parse(text).has_value();
    case Scalar::aws_url: return is_url(text);
    case Scalar::aws_phone: return is_phone(text);
    case Scalar::aws_ip_address: return is_ip(text);
    case Scalar::aws_timestamp: return false;
    default: return true;
  }
}

std::string_view scalar_form(Scalar scalar) noexcept {
  switch (scalar) {
    case Scalar::aws_date: return "such as 2026-01-31, optionally with Z or an offset such as +01:00";
    case Scalar::aws_time: return "such as 09:30:00.5, optionally with Z or an offset such as +01:00";
    case Scalar::aws_date_time: return "such as 2026-01-31T09:30:00Z, with Z or an offset such as +01:00";
    case Scalar::aws_email: return "such as somebody@example.com";
    case Scalar::aws_json: return "that is JSON text";
    case Scalar::aws_url: return "with a scheme, such as https://example.com/";
    case Scalar::aws_phone: return "of 3 to 15 digits, such as +44 123456789";
    case Scalar::aws_ip_address: return "of version 4 or 6, such as 127.0.0.1 or ::1";
    default: return "";
  }
}

}  // namespace holdfast
