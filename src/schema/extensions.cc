// Several sources become one list of types, each once, with its extensions in it.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "schema/directives.h"
#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
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

std::string_view kind_word(TypeKind kind) noexcept {
  switch (kind) {
    case TypeKind::scalar: return "scalar";
    case TypeKind::interface: return "interface";
    case TypeKind::union_type: return "union";
    case TypeKind::enumeration: return "enum";
    case TypeKind::input: return "input object";
    default: return "object";
  }
}

/// Those the service itself reads; the transformer's are looked up where the type is defined.
bool is_of_service(std::string_view directive) noexcept {
  return directive.starts_with("aws_") || directive == "deprecated";
}

bool is_known(std::string_view directive) {
  return known_directive(Dialect::v2, directive) != nullptr || known_directive(Dialect::v1, directive) != nullptr;
}

void check_type_directive(Draft& draft, const TypeDefinition& extension, const Directive& directive) {
  if (is_of_service(directive.name) || !is_known(directive.name)) return;
  draft.problem(directive.at,
                "Directives are not supported on object or interface extensions. See the '@" + directive.name +
                    "' directive on '" + extension.name + "'",
                "Write @" + directive.name + " where the type is defined.");
}

void check_field_directive(Draft& draft, const TypeDefinition& extension, const graphql::FieldDefinition& field,
                           const Directive& directive) {
  static constexpr std::array<std::string_view, 2> allowed = {"function", "http"};
  if (is_of_service(directive.name) || !is_known(directive.name)) return;
  if (std::find(allowed.begin(), allowed.end(), directive.name) != allowed.end()) return;
  if (directive.name != "auth") {
    draft.problem(directive.at, "The '@" + directive.name + "' directive is not supported on fields of extended types",
                  "Write the field where " + extension.name + " is defined.");
  } else if (!is_root(extension.name)) {
    draft.problem(directive.at,
                  "The '@auth' directive cannot be used on fields of type extensions other than 'Query', 'Mutation', "
                  "and 'Subscription'. See " +
                      extension.name + "." + field.name,
                  "Write the field where " + extension.name + " is defined.");
  }
}

/// What an extension may hold; false when it cannot be folded in at all.
bool check_extension(Draft& draft, const TypeDefinition& type, const TypeDefinition& extension) {
  if (type.kind != extension.kind) {
    draft.problem(extension.at,
                  "Cannot extend non-" + std::string(kind_word(extension.kind)) + " type \"" + extension.name + "\".",
                  "Extend it as what it is: " + std::string(kind_word(type.kind)) + ".");
    return false;
  }
  if (type.kind != TypeKind::object) return true;
  for (const auto& directive : extension.directives) check_type_directive(draft, extension, directive);
  for (const auto& field : extension.fields) {
    for (const auto& directive : field.directives) check_field_directive(draft, extension, field, directive);
  }
  return true;
}

void report_undefined(Draft& draft, const TypeDefinition& extension) {
  std::vector<std::string> names;
  for (const auto& type : draft.document.types) names.push_back(type.name);
  const auto near = nearest(extension.name, names);
  draft.problem(extension.at, "Cannot extend type \"" + extension.name + "\" because it is not defined.",
                near.empty() ? "Define the type, or leave out the word extend." : "Did you mean \"" + near + "\"?");
}

}  // namespace

void add_source(Draft& draft, graphql::SchemaDocument document) {
  append(draft.document.schemas, document.schemas);
  append(draft.document.types, document.types);
  append(draft.document.directives, document.directives);
}

void merge_types(Draft& draft) {
  auto parts = std::exchange(draft.document.types, {});
  std::stable_partition(parts.begin(), parts.end(), [](const TypeDefinition& part) { return !part.is_extension; });
  for (auto& part : parts) {
    const auto found = draft.type_at.find(part.name);
    if (part.is_extension) {
      if (found == draft.type_at.end()) {
        report_undefined(draft, part);
      } else if (auto& type = draft.document.types[found->second]; check_extension(draft, type, part)) {
        fold(type, part);
      }
    } else if (found != draft.type_at.end()) {
      draft.problem(part.at, "There can be only one type named \"" + part.name + "\".",
                    "Remove or rename one of the two.");
    } else {
      draft.type_at.emplace(part.name, draft.document.types.size());
      draft.document.types.push_back(std::move(part));
    }
  }
}

}  // namespace holdfast::schema
