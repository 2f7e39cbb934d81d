// Several sources become one list of types, each once, with its extensions in it.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::TypeDefinition;
using graphql::TypeKind;

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void fold(TypeDefinition& into, TypeDefinition& extension) {
  append(into.interfaces, extension.interfaces);
  append(into.fields, extension.fields);
  append(into.inputs, extension.inputs);
  append(into.values, extension.values);
  append(into.members, extension.members);
  append(into.directives, extension.directives);
}

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

void check_reserved(Draft& draft, const TypeDefinition& type) {
  if (type.name.starts_with("__")) {
    draft.problem(type.at,
                  "Name \"" + type.name + "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                  "Rename the type.");
  } else if (scalar_named(type.name)) {
    draft.problem(type.at, "\"" + type.name + "\" is a built-in scalar and cannot be defined again.",
                  "Rename the type.");
  } else if (is_root(type.name) && graphql::directive(type.directives, "model") != nullptr) {
    draft.problem(type.at,
                  "'" + type.name + "' is a reserved type name and currently in use within the default schema element.",
                  "Rename the model.");
  }
}

bool is_known_type(const Draft& draft, std::string_view name) {
  return scalar_named(name).has_value() || draft.type(name) != nullptr;
}

void check_known(Draft& draft, const graphql::TypeRef& type) {
  if (type.is_list()) return check_known(draft, type.element.front());
  if (is_known_type(draft, type.name)) return;
  std::vector<std::string> known;
  for (const auto& [name, at] : draft.type_at) known.push_back(name);
  for (int scalar = 0; scalar <= static_cast<int>(Scalar::aws_ip_address); ++scalar) {
    known.emplace_back(graphql_name(static_cast<Scalar>(scalar)));
  }
  const auto near = nearest(type.name, known);
  draft.problem(type.at, "Unknown type \"" + type.name + "\".",
                near.empty() ? "Define a type, enum or input of this name." : "Did you mean \"" + near + "\"?");
}

}  // namespace

bool is_root(std::string_view type_name) noexcept {
  return type_name == "Query" || type_name == "Mutation" || type_name == "Subscription";
}

void add_source(Draft& draft, graphql::SchemaDocument document) {
  append(draft.document.schemas, document.schemas);
  append(draft.document.types, document.types);
  append(draft.document.directives, document.directives);
}

void merge_types(Draft& draft) {
  auto parts = std::exchange(draft.document.types, {});
  std::stable_partition(parts.begin(), parts.end(), [](const TypeDefinition& part) { return !part.is_extension; });
  for (auto& part : parts) {
    const auto [found, is_new] = draft.type_at.try_emplace(part.name, draft.document.types.size());
    // An extended root type needs no definition: the API always has one.
    if (is_new && (!part.is_extension || is_root(part.name))) {
      draft.document.types.push_back(std::move(part));
    } else if (is_new) {
      draft.problem(part.at, "Cannot extend type \"" + part.name + "\" because it is not defined.",
                    "Define the type, or leave out the word extend.");
      draft.type_at.erase(found);
    } else if (!part.is_extension) {
      draft.problem(part.at, "There can be only one type named \"" + part.name + "\".",
                    "Remove or rename one of the two.");
    } else {
      fold(draft.document.types[found->second], part);
    }
  }
}

void check_type_names(Draft& draft) {
  for (auto& type : draft.document.types) {
    check_unique(draft, type, type.fields, "Field");
    check_unique(draft, type, type.inputs, "Field");
    check_unique(draft, type, type.values, "Enum value");
    check_reserved(draft, type);
    if (type.kind == TypeKind::object && type.fields.empty()) {
      draft.problem(type.at, "Type " + type.name + " must define one or more fields.",
                    "Add a field, such as `id: ID!`.");
    }
    if (type.kind == TypeKind::enumeration && type.values.empty()) {
      draft.problem(type.at, "Enum type " + type.name + " must define one or more values.",
                    "Add a value, or remove the enum.");
    }
    for (const auto& field : type.fields) {
      check_known(draft, field.type);
      for (const auto& argument : field.arguments) check_known(draft, argument.type);
    }
    // AMPLIFY configures the tools with types that no schema defines.
    if (type.name == "AMPLIFY") continue;
    for (const auto& input : type.inputs) check_known(draft, input.type);
  }
}

}  // namespace holdfast::schema
