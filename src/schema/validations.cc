// @validate: on which fields, and with which bounds.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "schema/draft.h"
#include "schema/pattern.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::FieldDefinition;

constexpr std::array<std::string_view, 4> numeric = {"gt", "lt", "gte", "lte"};
constexpr std::array<std::string_view, 5> textual = {"minLength", "maxLength", "startsWith", "endsWith", "matches"};

bool is_in(const auto& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string type_of(const Directive& directive) {
  const auto* type = graphql::argument(directive.arguments, "type");
  return type == nullptr ? std::string() : type->text;
}

void check_type(Draft& draft, const FieldDefinition& field, const Directive& directive, const std::string& type) {
  const auto& base = field.type.innermost();
  const auto report = [&](const std::string& what, const std::string& remedy) {
    draft.problem(directive.at,
                  "Validation type '" + type + "' can only be used with " + what + ". Field '" + field.name +
                      "' is of type '" + base + "'",
                  remedy);
  };
  if (is_in(numeric, type) && base != "Int" && base != "Float") {
    report("numeric fields (Int, Float)", "Make the field a number, or remove the rule.");
  } else if (is_in(textual, type) && base != "String") {
    report("'String' fields", "Make the field a String, or remove the rule.");
  }
}

void check_bound(Draft& draft, const FieldDefinition& field, const Directive& directive, const std::string& type) {
  const auto* value = graphql::argument(directive.arguments, "value");
  if (value == nullptr || value->kind != graphql::AstValue::Kind::string) return;
  char* end = nullptr;
  const double number = std::strtod(value->text.c_str(), &end);
  const bool is_number = end != value->text.c_str();
  const auto report = [&](const std::string& wanted) {
    draft.problem(value->at,
                  type + " value must be " + wanted + ". Received '" + value->text + "' for field '" + field.name + "'",
                  "Write it in quotes, as in value: \"3\".");
  };
  if ((type == "minLength" || type == "maxLength") && (!is_number || number < 0)) report("a non-negative integer");
  if (is_in(numeric, type) && !is_number) report("a number");
  if (type != "matches") return;
  if (const auto pattern = Pattern::compile(value->text); !pattern) {
    draft.problem(value->at, "matches value must be a regular expression: " + pattern.error().message + ". Received '" +
                                 value->text + "' for field '" + field.name + "'",
                  "Write one for the whole value, as in value: \"[a-z]+[0-9]*\".");
  }
}

void check_order(Draft& draft, const FieldDefinition& field) {
  bool is_after_default = graphql::directive(field.directives, "default") == nullptr;
  for (const auto& directive : field.directives) {
    if (directive.name == "default") is_after_default = true;
    if (directive.name != "validate" || is_after_default) continue;
    draft.problem(directive.at, "@validate directive must be specified after @default directive",
                  "Write @default first.");
  }
}

void check_field(Draft& draft, const FieldDefinition& field) {
  std::vector<std::string> seen;
  for (const auto& directive : field.directives) {
    if (directive.name != "validate") continue;
    if (field.type.is_list()) {
      draft.problem(directive.at, "@validate directive cannot be used on list field '" + field.name + "'",
                    "Remove it, and check the elements in the application.");
      continue;
    }
    const auto type = type_of(directive);
    if (is_in(seen, type)) {
      draft.problem(directive.at,
                    "Duplicate @validate directive with type '" + type + "' on field '" + field.name +
                        "'. Each validation type can only be used once per field.",
                    "Keep the stricter of the two.");
    }
    seen.push_back(type);
    check_type(draft, field, directive, type);
    check_bound(draft, field, directive, type);
  }
  check_order(draft, field);
}

}  // namespace

void check_validations(Draft& draft) {
  for (const auto& type : draft.document.types) {
    if (!draft.is_model(type.name)) continue;
    for (const auto& field : type.fields) check_field(draft, field);
  }
}

}  // namespace holdfast::schema
