#include "schema/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

namespace holdfast::schema {
namespace {

// What is written sensibly takes a few steps a character.
constexpr std::uint32_t steps_max = 1'000'000;
constexpr std::uint32_t heap_kib_max = 16 * 1024;

const PCRE2_UCHAR8* units(std::string_view text) { return reinterpret_cast<const PCRE2_UCHAR8*>(text.data()); }

template <auto release>
struct Release {
  template <class Made>
  void operator()(Made* made) const {
    release(made);
  }
};
using MatchData = std::unique_ptr<pcre2_match_data_8, Release<pcre2_match_data_free_8>>;
using MatchContext = std::unique_ptr<pcre2_match_context_8, Release<pcre2_match_context_free_8>>;

std::string words_of(int error) {
  std::array<PCRE2_UCHAR8, 256> words{};
  pcre2_get_error_message_8(error, words.data(), words.size());
  return reinterpret_cast<const char*>(words.data());
}

}  // namespace

Result<Pattern> Pattern::compile(std::string_view expression) {
  constexpr std::uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED;
  int error = 0;
  std::size_t at = 0;
  auto* code = pcre2_compile_8(units(expression), expression.size(), options, &error, &at, nullptr);
  if (code == nullptr) {
    return Error{Code::invalid_argument, words_of(error) + " at character " + std::to_string(at + 1)};
  }
  return Pattern(std::shared_ptr<const pcre2_real_code_8>(code, [](const pcre2_code_8* made) {
    pcre2_code_free_8(const_cast<pcre2_code_8*>(made));
  }));
}

Result<bool> Pattern::matches(std::string_view text) const {
  const MatchData data(pcre2_match_data_create_8(1, nullptr));
  const MatchContext context(pcre2_match_context_create_8(nullptr));
  if (data == nullptr || context == nullptr) throw std::bad_alloc();
  pcre2_set_match_limit_8(context.get(), steps_max);
  pcre2_set_heap_limit_8(context.get(), heap_kib_max);
  const int found = pcre2_match_8(code_.get(), units(text), text.size(), 0, 0, data.get(), context.get());
  if (found >= 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  return Error{Code::limit_exceeded, words_of(found)};
}

}  // namespace holdfast::schema
