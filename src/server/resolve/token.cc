#include "server/resolve/token.h"

#include <utility>

#include "base/bytes.h"
#include "base/json.h"
#include "base/siv.h"

namespace holdfast::server {
namespace {

constexpr std::string_view setting_name = "token_key";
constexpr std::size_t token_size_max = 1U << 20U;  // Ours hold sort values, which may be long texts.

std::string made_key(Random& random) {
  std::string key;
  for (int word = 0; word < 4; ++word) {
    auto bits = random.bits();
    for (int byte = 0; byte < 8; ++byte, bits >>= 8U) key.push_back(static_cast<char>(bits & 0xFFU));
  }
  return key;
}

Error refused() { return {Code::invalid_argument, "Invalid pagination token given."}; }

}  // namespace

Result<Tokens> Tokens::open(Store& store, Random& random) {
  HOLDFAST_TRY(stored, store.setting(setting_name));
  if (stored) {
    HOLDFAST_TRY(key, from_base64(*stored));
    return Tokens(key);
  }
  const auto key = made_key(random);
  HOLDFAST_TRY(kept, store.set_setting(setting_name, base64(key)));
  static_cast<void>(kept);
  return Tokens(key);
}

Tokens::Tokens(const std::string& key) : key_(hmac_sha256(key, "authentic") + hmac_sha256(key, "hidden")) {}

std::string Tokens::seal(const Object& content, std::string_view scope) const {
  return base64url(siv_seal(key_, scope, json::write(Value(content))));
}

Result<Object> Tokens::unseal(std::string_view token, std::string_view scope) const {
  if (token.size() > token_size_max) return refused();
  const auto bytes = from_base64(token);
  // The same bytes can be written in other letters, with padding, or with other bits after the last of them.
  if (!bytes || base64url(*bytes) != token) return refused();
  const auto text = siv_open(key_, scope, *bytes);
  if (!text) return refused();
  auto content = json::parse(*text);
  if (!content || content->as_object() == nullptr) return refused();
  return std::move(*content->as_object());
}

}  // namespace holdfast::server
