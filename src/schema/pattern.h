// Pattern: a regular expression of a schema's author.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "holdfast/result.h"

struct pcre2_real_code_8;

namespace holdfast::schema {

/// Perl's dialect, which but for its rare corners is that of java.util.regex, to which AppSync's manual refers; that it wants
/// the whole text to match is concluded from its example there. Copies share what is compiled; safe from any thread.
class Pattern {
 public:
  /// Code: invalid_argument, with the place in the expression.
  static Result<Pattern> compile(std::string_view expression);
  /// Whether it matches the whole of `text`, which is UTF-8. Code: limit_exceeded when finding out takes too many steps.
  [[nodiscard]] Result<bool> matches(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const pcre2_real_code_8> code) : code_(std::move(code)) {}
  std::shared_ptr<const pcre2_real_code_8> code_;
};

}  // namespace holdfast::schema
