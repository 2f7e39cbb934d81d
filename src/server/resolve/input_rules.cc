#include "server/resolve/input_rules.h"

#include <algorithm>

#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

using schema::Validation;
using Kind = Validation::Kind;

/// Of UTF-8: a character beyond the first plane is two units.
double utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) != 0x80U) units += bits >= 0xF0U ? 2 : 1;
  }
  return static_cast<double>(units);
}

Result<bool> holds_for_text(const Validation& rule, std::string_view text) {
  switch (rule.kind) {
    case Kind::min_length: return utf16_length(text) >= rule.bound;
    case Kind::max_length: return utf16_length(text) <= rule.bound;
    case Kind::starts_with: return text.starts_with(rule.text);
    case Kind::ends_with: return text.ends_with(rule.text);
    case Kind::matches: return rule.pattern->matches(text);
    default: return true;
  }
}

bool holds_for_number(const Validation& rule, double number) {
  switch (rule.kind) {
    case Kind::gt: return number > rule.bound;
    case Kind::lt: return number < rule.bound;
    case Kind::gte: return number >= rule.bound;
    case Kind::lte: return number <= rule.bound;
    default: return true;
  }
}

Result<bool> holds(const Validation& rule, const Value& value) {
  if (const auto* text = value.as_string()) return holds_for_text(rule, *text);
  if (const auto* whole = value.as_integer()) return holds_for_number(rule, static_cast<double>(*whole));
  if (const auto* number = value.as_floating()) return holds_for_number(rule, *number);
  return true;
}

}  // namespace

void fill_defaults(const schema::InputRules& rules, Object& input) {
  for (const auto& rule : rules.fields) {
    if (!rule.fallback.is_null() && input.at(rule.field).is_null()) input.set(rule.field, rule.fallback);
  }
}

std::optional<graphql::FieldError> broken_rule(const schema::InputRules& rules, const Object& input) {
  for (const auto& rule : rules.fields) {
    const auto& value = input.at(rule.field);
    for (const auto& validation : rule.validations) {
      const auto kept = holds(validation, value);
      if (!kept) {
        return refusal("BadRequestException", rule.field + ": the value could not be matched: " + kept.error().message);
      }
      if (!*kept) return refusal({}, validation.message);
    }
  }
  return std::nullopt;
}

}  // namespace holdfast::server
