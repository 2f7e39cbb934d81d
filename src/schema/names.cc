#include "schema/names.h"

#include <algorithm>
#include <numeric>

#include "base/bytes.h"

namespace holdfast::schema {
namespace {

constexpr std::size_t subscription_name_max = 50;
constexpr std::size_t subscription_name_kept = 45;
constexpr std::size_t subscription_digest_digits = 5;

constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Levenshtein's distance without regard to case.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (lower(left[i]) == lower(right[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

bool is_graphql_name(std::string_view text) noexcept {
  const auto is_start = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_part = [&](char c) { return is_start(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && is_start(text.front()) && std::all_of(text.begin(), text.end(), is_part);
}

std::string upper_first(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text.front() = upper(text.front());
  return text;
}

std::string lower_first(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text.front() = lower(text.front());
  return text;
}

std::string camel(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += text.empty() ? lower_first(part) : upper_first(part);
  return text;
}

std::string subscription_name(std::string_view prefix, std::string_view model) {
  std::string name = std::string(prefix) + upper_first(model);
  if (name.size() <= subscription_name_max) return name;
  return name.substr(0, subscription_name_kept) + hex(md5(name)).substr(0, subscription_digest_digits);
}

std::string nearest(std::string_view written, const std::vector<std::string>& known) {
  std::string found;
  // More than a third of the letters changed is another word.
  std::size_t least = std::max<std::size_t>(written.size() / 3, 1) + 1;
  if (written.size() > 100) return found;
  for (const auto& name : known) {
    if (name.size() > 100) continue;
    const auto changes = distance(written, name);
    if (changes < least) {
      least = changes;
      found = name;
    }
  }
  return found;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (at > 0) text += at + 1 == names.size() ? " and " : ", ";
    text += names[at];
  }
  return text;
}

}  // namespace holdfast::schema
