#include "schema/literals.h"

#include <set>

#include "graphql/builtin_scalars.h"
#include "graphql/printer.h"
#include "graphql/type_system.h"
#include "schema/directives.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::AstValue;
using graphql::TypeDefinition;
using graphql::TypeKind;

std::vector<std::string> member_names(const TypeDefinition& type) {
  std::vector<std::string> names;
  for (const auto& input : type.inputs) names.push_back(input.name);
  for (const auto& value : type.values) names.push_back(value.name);
  return names;
}

std::string suggestion(const TypeDefinition& type, const std::string& written) {
  const auto names = member_names(type);
  const auto near = nearest(written, names);
  return near.empty() ? "It has " + listed(names) + "." : "Did you mean " + near + "?";
}

std::string leaf_remedy(const TypeDefinition& type, const AstValue& value) {
  if (type.kind == TypeKind::enumeration) return suggestion(type, value.text) + " Enum values stand without quotes.";
  if (type.name == "String") return "Write it in quotes.";
  if (type.name == "Int") return "Write a whole number, without quotes.";
  return "Write it as a value of " + type.name + ".";
}

void report_kind(Draft& draft, const graphql::TypeRef& type, const AstValue& value) {
  const bool is_null = value.kind == AstValue::Kind::null;
  draft.problem(value.at, "Expected value of type \"" + type.text() + "\", found " + graphql::print(value) + ".",
                is_null ? "Write a value." : "Write it as { ... } or null.");
}

void check_leaf(Draft& draft, const TypeDefinition& type, const AstValue& value) {
  if (const auto problem = graphql::literal_problem(type, value)) {
    draft.problem(value.at, *problem, leaf_remedy(type, value));
  }
}

void check_object(Draft& draft, const TypeDefinition& type, const AstValue& value) {
  for (const auto& input : type.inputs) {
    if (!graphql::is_required(input) || graphql::argument(value.fields, input.name) != nullptr) continue;
    draft.problem(value.at,
                  "Field \"" + type.name + "." + input.name + "\" of required type \"" + input.type.text() +
                      "\" was not provided.",
                  "Add " + input.name + ".");
  }
  std::set<std::string_view> seen;
  for (const auto& field : value.fields) {
    const auto* input = type.input(field.name);
    if (!seen.insert(field.name).second) {
      draft.problem(field.at, "There can be only one input field named \"" + field.name + "\".",
                    "Remove one of the two.");
    } else if (input == nullptr) {
      draft.problem(field.at, "Field \"" + field.name + "\" is not defined by type \"" + type.name + "\".",
                    suggestion(type, field.name));
    } else {
      check_literal(draft, input->type, field.value);
    }
  }
}

}  // namespace

void check_literal(Draft& draft, const graphql::TypeRef& type, const AstValue& value) {
  if (value.kind == AstValue::Kind::null) {
    if (type.is_non_null) report_kind(draft, type, value);
    return;
  }
  if (type.is_list()) {
    // One value stands for a list of it.
    if (value.kind != AstValue::Kind::list) return check_literal(draft, type.element.front(), value);
    for (const auto& item : value.items) check_literal(draft, type.element.front(), item);
    return;
  }
  const auto* defined = known_type(draft.dialect, type.name);
  if (defined == nullptr) return check_leaf(draft, {.kind = TypeKind::scalar, .name = type.name}, value);
  if (defined->kind != TypeKind::input) return check_leaf(draft, *defined, value);
  if (value.kind != AstValue::Kind::object) return report_kind(draft, type, value);
  check_object(draft, *defined, value);
}

}  // namespace holdfast::schema
