// From one rule of @auth as it was written to an AuthRule. Private to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/draft.h"

namespace holdfast::schema {

/// What a rule stands on decides which of its arguments make sense.
enum class AuthPlace : std::uint8_t { model, model_field, root_field, plain_field };

/// The members of a rule as they were written. Reports what does not fit and then is not sound.
class RuleMembers {
 public:
  RuleMembers(Draft& draft, const graphql::AstValue& written) : draft_(draft), written_(written) {}

  [[nodiscard]] const graphql::AstValue& written() const noexcept { return written_; }
  [[nodiscard]] Dialect dialect() const noexcept { return draft_.dialect; }
  [[nodiscard]] bool is_sound() const noexcept { return is_sound_; }
  void problem(const graphql::AstValue& at, std::string message, std::string remedy);
  void check_names(const std::vector<std::string>& known);
  /// Null when absent or null.
  [[nodiscard]] const graphql::AstValue* find(std::string_view name) const noexcept;
  /// Empty when absent.
  std::string text(std::string_view name);
  /// One of `known`, of which the enum `type` consists; empty, and a problem, for anything else.
  std::string word(const graphql::AstValue& value, const std::string& type, const std::vector<std::string>& known);
  /// The same for a list; nothing when absent.
  std::optional<std::vector<std::string>> words(std::string_view name, const std::string& type,
                                                const std::vector<std::string>& known);

 private:
  Draft& draft_;
  const graphql::AstValue& written_;
  bool is_sound_ = true;
};

/// Nothing, and a problem, when the rule is not sound.
std::optional<AuthRule> read_rule(Draft& draft, const graphql::AstValue& written, AuthPlace place);

// auth_operations.cc
void read_operations(RuleMembers& members, AuthPlace place, AuthRule& rule);

}  // namespace holdfast::schema
