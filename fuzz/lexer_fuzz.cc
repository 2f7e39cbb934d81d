// The lexer: tokens come in the order of the text, lie in it, and stand where they say they do.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/draw.h"
#include "graphql/lexer.h"

namespace holdfast::graphql {
namespace {

/// The place of `offset`, counted anew. A byte order mark in front is not counted.
Location place_of(std::string_view text, std::size_t offset) {
  const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  Location at{1, 1, 0};
  for (std::size_t here = start; here < offset; ++here) {
    const bool ends_line = text[here] == '\n' || (text[here] == '\r' && text.substr(here + 1, 1) != "\n");
    at.column = ends_line ? 1 : at.column + 1;
    at.line += ends_line ? 1 : 0;
  }
  return at;
}

void check(const std::string& text) {
  const std::string_view all = text;
  Lexer lexer(all, 0);
  std::size_t end = 0;
  for (auto token = lexer.next(); token.kind != TokenKind::end_of_file; token = lexer.next()) {
    static_cast<void>(described(token));
    if (token.kind == TokenKind::invalid) {
      HOLDFAST_ASSERT(!token.value.empty() && token.at.line > 0 && token.at.column > 0, "a complaint has a place");
      return;
    }
    HOLDFAST_ASSERT(!token.text.empty(), "a token is something");
    const auto offset = static_cast<std::size_t>(token.text.data() - all.data());
    HOLDFAST_ASSERT(offset >= end && offset + token.text.size() <= all.size(), "tokens lie in the text, in order");
    HOLDFAST_ASSERT(token.at == place_of(all, offset), "a token stands where it says");
    end = offset + token.text.size();
  }
  HOLDFAST_ASSERT(lexer.next().kind == TokenKind::end_of_file, "the end is the end");
}

}  // namespace
}  // namespace holdfast::graphql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  holdfast::graphql::check(holdfast::fuzz::text_of(bytes, size));
  return 0;
}
