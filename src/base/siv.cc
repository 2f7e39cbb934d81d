// Beside digests.cc, in the library that needs OpenSSL.
#include "base/siv.h"

#include <openssl/evp.h>

#include <memory>

#include "holdfast/result.h"

namespace holdfast {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

/// Looked up once, and never given back: a lookup costs more than to seal a token.
const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const found = EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr);
  return found;
}

enum class Direction : int { open = 0, seal = 1 };

Context begun(Direction direction, std::string_view key, std::string_view scope) {
  HOLDFAST_ASSERT(key.size() == siv_key_bytes, "two AES keys of 256 bits");
  Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool is_begun =
      EVP_CipherInit_ex2(context.get(), cipher(), bytes_of(key), nullptr, static_cast<int>(direction), nullptr) == 1 &&
      EVP_CipherUpdate(context.get(), nullptr, &size, bytes_of(scope), static_cast<int>(scope.size())) == 1;
  HOLDFAST_ASSERT(is_begun, "AES-256-SIV");
  return context;
}

}  // namespace

std::string siv_seal(std::string_view key, std::string_view scope, std::string_view text) {
  HOLDFAST_ASSERT(!text.empty(), "OpenSSL seals no empty text");
  const auto context = begun(Direction::seal, key, scope);
  std::string sealed(siv_tag_bytes + text.size(), '\0');
  int size = 0;
  const bool is_sealed =
      EVP_CipherUpdate(context.get(), bytes_of(sealed) + siv_tag_bytes, &size, bytes_of(text),
                       static_cast<int>(text.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), nullptr, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(siv_tag_bytes), sealed.data()) == 1;
  HOLDFAST_ASSERT(is_sealed, "AES-256-SIV");
  return sealed;
}

std::optional<std::string> siv_open(std::string_view key, std::string_view scope, std::string_view sealed) {
  if (sealed.size() <= siv_tag_bytes) return std::nullopt;
  const auto context = begun(Direction::open, key, scope);
  std::string tag(sealed.substr(0, siv_tag_bytes));
  const auto hidden = sealed.substr(siv_tag_bytes);
  std::string text(hidden.size(), '\0');
  int size = 0;
  const bool is_whole =
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(siv_tag_bytes), tag.data()) == 1 &&
      EVP_CipherUpdate(context.get(), bytes_of(text), &size, bytes_of(hidden), static_cast<int>(hidden.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), nullptr, &size) == 1;
  if (!is_whole) return std::nullopt;
  return text;
}

}  // namespace holdfast
