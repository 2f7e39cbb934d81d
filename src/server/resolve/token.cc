#include "server/resolve/token.h"

#include <utility>

#include "base/bytes.h"
#include "base/json.h"

namespace holdfast::server {
namespace {

constexpr std::string_view setting_name = "token_key";
constexpr std::size_t mark_size = 32;
constexpr std::size_t token_size_max = 1U << 20U;  // Ours hold sort values, which may be long texts.

std::string made_key(Random& random) {
  std::string key;
  for (int word = 0; word < 4; ++word) {
    auto bits = random.bits();
    for (int byte = 0; byte < 8; ++byte, bits >>= 8U) key.push_back(static_cast<char>(bits & 0xFFU));
  }
  return key;
}

/// Turned into a text and back by the same call: each byte of the stream is used for one byte of the content.
std::string veiled(std::string_view stream_key, std::string_view mark, std::string_view content) {
  std::string out(content);
  std::string stream;
  for (std::size_t at = 0; at < out.size(); ++at) {
    const auto in_block = at % mark_size;
    if (in_block == 0) stream = hmac_sha256(stream_key, std::string(mark) + std::to_string(at / mark_size));
    out[at] = static_cast<char>(static_cast<unsigned char>(out[at]) ^ static_cast<unsigned char>(stream[in_block]));
  }
  return out;
}

Error refused() { return {Code::invalid_argument, "Invalid pagination token given."}; }

}  // namespace

Result<Tokens> Tokens::open(Store& store, Random& random) {
  HOLDFAST_TRY(stored, store.setting(setting_name));
  if (stored) {
    HOLDFAST_TRY(key, from_base64(*stored));
    return Tokens(std::move(key));
  }
  auto key = made_key(random);
  HOLDFAST_TRY(kept, store.set_setting(setting_name, base64(key)));
  static_cast<void>(kept);
  return Tokens(std::move(key));
}

std::string Tokens::mark(std::string_view content, std::string_view scope) const {
  // The length keeps content and scope apart.
  return hmac_sha256(key_, std::to_string(content.size()) + ":" + std::string(content) + std::string(scope));
}

Tokens::Tokens(std::string key) : key_(std::move(key)), stream_key_(hmac_sha256(key_, "stream")) {}

// The mark of a content is the start of its stream, too (as in RFC 5297), so that no stream veils two contents.
std::string Tokens::seal(const Object& content, std::string_view scope) const {
  const auto text = json::write(Value(content));
  const auto its_mark = mark(text, scope);
  return base64url(its_mark + veiled(stream_key_, its_mark, text));
}

Result<Object> Tokens::unseal(std::string_view token, std::string_view scope) const {
  if (token.size() > token_size_max) return refused();
  const auto bytes = from_base64(token);
  if (!bytes || bytes->size() < mark_size) return refused();
  const auto given = std::string_view(*bytes).substr(0, mark_size);
  const auto text = veiled(stream_key_, given, std::string_view(*bytes).substr(mark_size));
  if (!equal_in_constant_time(given, mark(text, scope))) return refused();
  auto content = json::parse(text);
  if (!content || content->as_object() == nullptr) return refused();
  return std::move(*content->as_object());
}

}  // namespace holdfast::server
