// The names in a schema: no type, field or value twice, none that is taken, and every type that is meant is there.
#include <set>
#include <utility>

#include "schema/directives.h"
#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::TypeDefinition;
using graphql::TypeKind;

template <class Member>
void check_unique(Draft& draft, const TypeDefinition& type, std::vector<Member>& members, std::string_view word) {
  std::set<std::string, std::less<>> seen;
  std::erase_if(members, [&](const Member& member) {
    if (seen.insert(member.name).second) return false;
    draft.problem(member.at, std::string(word) + " \"" + type.name + "." + member.name + "\" can only be defined once.",
                  "Remove or rename one of the two.");
    return true;
  });
}

void report_taken(Draft& draft, const TypeDefinition& type, std::string_view whose) {
  draft.problem(type.at, "There can be only one type named \"" + type.name + "\".",
                "It is " + std::string(whose) + "; rename yours.");
}

void check_reserved(Draft& draft, const TypeDefinition& type) {
  if (type.name.starts_with("__")) {
    draft.problem(type.at,
                  "Name \"" + type.name + "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                  "Rename the type.");
  } else if (type.name.starts_with("AWS") && scalar_named(type.name)) {
    report_taken(draft, type, "a scalar of the service, which needs no definition");
  } else if (type.name == "BigInt" || type.name == "Double") {
    report_taken(draft, type, "a scalar that the published tools know");
  } else if (scalar_named(type.name)) {
    draft.problem(type.at, "\"" + type.name + "\" is a built-in scalar and cannot be defined again.",
                  "Rename the type.");
  } else if (known_type(draft.dialect, type.name) != nullptr) {
    report_taken(draft, type, "a type of the directives' own arguments");
  } else if (is_root(type.name) && graphql::directive(type.directives, "model") != nullptr) {
    draft.problem(type.at,
                  "'" + type.name + "' is a reserved type name and currently in use within the default schema element.",
                  "Rename the model.");
  }
}

void check_known(Draft& draft, const graphql::TypeRef& type) {
  if (type.is_list()) return check_known(draft, type.element.front());
  if (scalar_named(type.name) || draft.type(type.name) != nullptr) return;
  if (draft.has_problems_enough()) return draft.problem(type.at, "Unknown type \"" + type.name + "\".", {});
  std::vector<std::string> known;
  for (const auto& [name, at] : draft.type_at) known.push_back(name);
  for (int scalar = 0; scalar <= static_cast<int>(Scalar::aws_ip_address); ++scalar) {
    known.emplace_back(graphql_name(static_cast<Scalar>(scalar)));
  }
  const auto near = nearest(type.name, known);
  draft.problem(type.at, "Unknown type \"" + type.name + "\".",
                near.empty() ? "Define a type, enum or input of this name." : "Did you mean \"" + near + "\"?");
}

void check_empty(Draft& draft, const TypeDefinition& type) {
  if (type.kind == TypeKind::object && type.fields.empty()) {
    draft.problem(type.at, "Type " + type.name + " must define one or more fields.", "Add a field, such as `id: ID!`.");
  }
  if (type.kind == TypeKind::enumeration && type.values.empty()) {
    draft.problem(type.at, "Enum type " + type.name + " must define one or more values.",
                  "Add a value, or remove the enum.");
  }
}

}  // namespace

bool is_root(std::string_view type_name) noexcept {
  return type_name == "Query" || type_name == "Mutation" || type_name == "Subscription";
}

void check_type_names(Draft& draft) {
  for (auto& type : draft.document.types) {
    check_unique(draft, type, type.fields, "Field");
    check_unique(draft, type, type.inputs, "Field");
    check_unique(draft, type, type.values, "Enum value");
    check_reserved(draft, type);
    check_empty(draft, type);
    for (auto& field : type.fields) {
      check_known(draft, field.type);
      for (const auto& argument : field.arguments) check_known(draft, argument.type);
    }
    for (const auto& input : type.inputs) {
      // AMPLIFY configures the tools, in the words of their directives.
      const bool is_of_tools = type.name == "AMPLIFY" && known_type(draft.dialect, input.type.innermost()) != nullptr;
      if (!is_of_tools) check_known(draft, input.type);
    }
  }
}

}  // namespace holdfast::schema
