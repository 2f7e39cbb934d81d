#include "schema/input_rules.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "holdfast/schema.h"

namespace holdfast::schema {
namespace {

using Kind = Validation::Kind;

struct Rule {
  std::string_view type;
  Kind kind;
  std::string_view demand;  ///< In a refusal, before the value.
};
constexpr std::array<Rule, 9> rules = {{
    {"gt", Kind::gt, "must be greater than "},
    {"lt", Kind::lt, "must be less than "},
    {"gte", Kind::gte, "must be greater than or equal to "},
    {"lte", Kind::lte, "must be less than or equal to "},
    {"minLength", Kind::min_length, "must have a minimum length of "},
    {"maxLength", Kind::max_length, "must have a maximum length of "},
    {"startsWith", Kind::starts_with, "must start with "},
    {"endsWith", Kind::ends_with, "must end with "},
    {"matches", Kind::matches, "must match "},
}};

std::string text_of(const graphql::Directive& directive, std::string_view argument) {
  const auto* value = graphql::argument(directive.arguments, argument);
  return value == nullptr ? std::string() : value->text;
}

Value fallback_of(const graphql::FieldDefinition& field) {
  const auto* directive = graphql::directive(field.directives, "default");
  if (directive == nullptr) return {};
  auto text = text_of(*directive, "value");
  switch (scalar_named(field.type.name).value_or(Scalar::string)) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return Value(std::int64_t{std::strtoll(text.c_str(), nullptr, 10)});
    case Scalar::floating: return Value(std::strtod(text.c_str(), nullptr));
    case Scalar::boolean: return Value(text.front() == 't' || text.front() == 'T');
    default: return Value(std::move(text));
  }
}

std::optional<Validation> validation_of(const std::string& model, const std::string& field,
                                        const graphql::Directive& directive) {
  const auto type = text_of(directive, "type");
  const auto* const rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.type == type; });
  if (rule == rules.end()) return std::nullopt;
  Validation made{
      .kind = rule->kind, .text = text_of(directive, "value"), .message = text_of(directive, "errorMessage")};
  made.bound = std::strtod(made.text.c_str(), nullptr);
  if (made.kind == Kind::matches) {
    auto pattern = Pattern::compile(made.text);
    if (!pattern) return std::nullopt;  // check_validations() has refused it.
    made.pattern = *std::move(pattern);
  }
  if (made.message.empty()) {
    made.message = "Field " + field + " of type " + model + ' ' + std::string(rule->demand) + made.text;
  }
  return made;
}

FieldRule rule_of(const std::string& model, const graphql::FieldDefinition& field) {
  FieldRule rule{.field = field.name, .fallback = fallback_of(field)};
  for (const auto& directive : field.directives) {
    if (directive.name != "validate") continue;
    if (auto validation = validation_of(model, field.name, directive)) {
      rule.validations.push_back(*std::move(validation));
    }
  }
  return rule;
}

}  // namespace

std::vector<InputRules> input_rules(const graphql::SchemaDocument& document) {
  std::vector<InputRules> all;
  for (const auto& type : document.types) {
    if (graphql::directive(type.directives, "model") == nullptr) continue;
    InputRules rules_of_model{.model = type.name};
    for (const auto& field : type.fields) {
      auto rule = rule_of(type.name, field);
      if (!rule.fallback.is_null() || !rule.validations.empty()) rules_of_model.fields.push_back(std::move(rule));
    }
    if (!rules_of_model.fields.empty()) all.push_back(std::move(rules_of_model));
  }
  return all;
}

}  // namespace holdfast::schema
