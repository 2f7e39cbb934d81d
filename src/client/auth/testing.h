// What the tests of this folder share: rules in words, tokens, and the published client's answers.
#pragma once

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "holdfast/auth.h"

namespace holdfast::auth::testing {

/// What testdata/published.mjs wrote.
inline List published(const std::string& file) {
  std::ifstream in("src/client/auth/testdata/" + file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto cases = json::parse(text);
  return cases && cases->as_list() ? std::move(*cases->as_list()) : List{};
}

inline std::string text_of(const Value& value) { return value.as_string() ? *value.as_string() : std::string(); }

inline std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> texts;
  if (list.as_list()) {
    for (const auto& one : *list.as_list()) texts.push_back(text_of(one));
  }
  return texts;
}

template <class Word, std::size_t size>
Word word_of(const std::string& text, const std::array<std::string_view, size>& words) {
  return static_cast<Word>(std::find(words.begin(), words.end(), text) - words.begin());
}

inline RuleSchema rule(const std::string& allow, const std::string& provider) {
  constexpr std::array<std::string_view, 5> strategies{"owner", "groups", "private", "public", "custom"};
  constexpr std::array<std::string_view, 6> providers{"apiKey", "userPools", "iam", "identityPool", "oidc", "function"};
  RuleSchema made;
  made.allow = word_of<AuthStrategy>(allow, strategies);
  made.provider = word_of<AuthProvider>(provider, providers);
  return made;
}

/// A JWT with these claims, which nobody has signed.
inline std::string token_with(const Value& claims) {
  return base64url(R"({"alg":"none"})") + "." + base64url(json::write(claims)) + ".c2lnbmVk";
}

}  // namespace holdfast::auth::testing
