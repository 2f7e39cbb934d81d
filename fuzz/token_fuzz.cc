// Page tokens: nobody makes or changes one outside. The first bytes choose what is done to a good token.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/backend.h"
#include "fuzz/draw.h"
#include "server/resolve/token.h"

namespace holdfast::fuzz {
namespace {

constexpr const char* scope = "Query.listPosts";

const server::Tokens& tokens() {
  static Backend backend;
  static const auto opened = *server::Tokens::open(*backend.store, backend.random);
  return opened;
}

void check(const std::string& input, Draw draw) {
  HOLDFAST_ASSERT(!tokens().unseal(input, scope), "a token from outside is no token");
  const Object content{{"after", input}, {"at", std::int64_t{draw.byte()}}};
  const auto token = tokens().seal(content, scope);
  const auto read = tokens().unseal(token, scope);
  HOLDFAST_ASSERT(read && read->at("at") == content.at("at"), "a token opens to what was sealed");
  HOLDFAST_ASSERT(!tokens().unseal(token, scope + input + "x"), "a token is good for one scope");
  auto changed = token;
  const auto at = (draw.byte() * std::size_t{256} + draw.byte()) % changed.size();
  const auto letter = static_cast<char>(draw.byte());
  if (changed[at] == letter) return;
  changed[at] = letter;
  HOLDFAST_ASSERT(!tokens().unseal(changed, scope), "a changed token is no token");
  HOLDFAST_ASSERT(!tokens().unseal(token.substr(0, at), scope), "a part of a token is no token");
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  holdfast::fuzz::check(holdfast::fuzz::text_of(bytes, size), holdfast::fuzz::Draw(bytes, size));
  return 0;
}
