#include "model/scalar_text.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/json.h"
#include "holdfast/temporal.h"

namespace holdfast {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

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
    case Scalar::aws_date: return read_date(text).has_value();
    case Scalar::aws_time: return read_time(text).has_value();
    case Scalar::aws_date_time: return read_date_time(text).has_value();
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
