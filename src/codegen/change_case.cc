#include "codegen/change_case.h"

#include <vector>

namespace holdfast::codegen {
namespace {

// Names are ASCII; the locale must not matter.
bool is_small(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char small(char c) noexcept { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char capital(char c) noexcept { return is_small(c) ? static_cast<char>(c - 'a' + 'A') : c; }

bool begins_word(std::string_view name, std::size_t at) noexcept {
  const char before = name[at - 1];
  if (!is_capital(name[at])) return false;
  if (is_small(before) || is_digit(before)) return true;
  return is_capital(before) && at + 1 < name.size() && is_small(name[at + 1]);
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool is_open = false;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char c = name[at];
    if (!is_small(c) && !is_capital(c) && !is_digit(c)) {
      is_open = false;
      continue;
    }
    if (!is_open || begins_word(name, at)) words.emplace_back();
    is_open = true;
    words.back() += c;
  }
  return words;
}

std::string with_small_letters(std::string word) {
  for (char& c : word) c = small(c);
  return word;
}

/// A digit after the first word keeps its distance: v_2 -> V_2.
std::string capitalised(std::string word, bool is_first) {
  word = with_small_letters(std::move(word));
  word[0] = capital(word[0]);
  return !is_first && is_digit(word[0]) ? "_" + word : word;
}

}  // namespace

std::string pascal_case(std::string_view name) {
  std::string text;
  for (auto& word : words_of(name)) text += capitalised(std::move(word), text.empty());
  return text;
}

std::string camel_case(std::string_view name) {
  std::string text;
  for (auto& word : words_of(name)) {
    text += text.empty() ? with_small_letters(std::move(word)) : capitalised(std::move(word), false);
  }
  return text;
}

std::string constant_case(std::string_view name) {
  std::string text;
  for (const auto& word : words_of(name)) {
    if (!text.empty()) text += '_';
    for (const char c : word) text += capital(c);
  }
  return text;
}

}  // namespace holdfast::codegen
