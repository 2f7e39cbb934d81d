#include "schema/place.h"

#include <algorithm>

#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::Location;
using graphql::TypeDefinition;

/// The first directive with an argument that is this text.
const Directive* directive_saying(const std::vector<Directive>& directives, std::string_view text) {
  const auto says = [text](const graphql::AstField& argument) {
    return argument.value.kind == graphql::AstValue::Kind::string && argument.value.text == text;
  };
  const auto found = std::find_if(directives.begin(), directives.end(), [&](const Directive& one) {
    return std::any_of(one.arguments.begin(), one.arguments.end(), says);
  });
  return found == directives.end() ? nullptr : &*found;
}

Location member_place(const TypeDefinition& type, std::string_view member) {
  if (const auto* field = type.field(member)) return field->at;
  for (const auto& value : type.values) {
    if (value.name == member) return value.at;
  }
  if (member.empty()) return type.at;
  if (const auto* found = directive_saying(type.directives, member)) return found->at;
  for (const auto& field : type.fields) {
    if (const auto* found = directive_saying(field.directives, member)) return found->at;
  }
  return type.at;
}

std::optional<Location> join_place(const Written& written, std::string_view model) {
  for (const auto& type : written.document.types) {
    for (const auto& field : type.fields) {
      const auto* directive = graphql::directive(field.directives, "manyToMany");
      const auto* name = directive == nullptr ? nullptr : graphql::argument(directive->arguments, "relationName");
      if (name != nullptr && upper_first(name->text) == model) return directive->at;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Location> place_of(const Written& written, std::string_view type, std::string_view member) {
  for (const auto& one : written.document.types) {
    if (one.name == type) return member_place(one, member);
  }
  return join_place(written, type);
}

}  // namespace holdfast::schema
