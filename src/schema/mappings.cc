// @mapsTo and @refersTo: names of the tables underneath.
#include <algorithm>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::TypeDefinition;

std::string mapped_name(const TypeDefinition& type) {
  const auto* directive = graphql::directive(type.directives, "mapsTo");
  const auto* name = directive == nullptr ? nullptr : graphql::argument(directive->arguments, "name");
  return name == nullptr ? std::string() : name->text;
}

void check_maps_to(Draft& draft, const TypeDefinition& type, const Directive& directive) {
  if (!draft.is_model(type.name)) {
    return draft.problem(directive.at,
                         "@mapsTo is not supported on type " + type.name + ". It can only be used on a @model type.",
                         "Add @model to " + type.name + ", or remove @mapsTo.");
  }
  const auto* name = graphql::argument(directive.arguments, "name");
  if (name == nullptr || name->kind != graphql::AstValue::Kind::string) return;
  const auto start = "Cannot apply @mapsTo with name \"" + name->text + "\" on type \"" + type.name + "\"";
  if (name->text.empty()) {
    return draft.problem(name->at, start + ": a table needs a name.", "Write the model's earlier name.");
  }
  if (draft.is_model(name->text)) {
    return draft.problem(name->at, start + " because \"" + name->text + "\" model already exists in the schema.",
                         "Write a name that no model has: it is the name under which the data was kept before.");
  }
  for (const auto& other : draft.document.types) {
    if (other.name == type.name || mapped_name(other) != name->text) continue;
    return draft.problem(name->at, start + " because \"" + other.name + "\" model already has the same name mapping.",
                         "Two models cannot have been one table: correct one of the names.");
  }
}

void check_refers_to(Draft& draft, const TypeDefinition& type, const Directive& directive) {
  if (draft.is_model(type.name)) {
    draft.problem(directive.at, "@refersTo is only supported on SQL models. " + type.name + " is not a SQL model.",
                  "Remove it; @mapsTo(name: ...) keeps the data of a renamed model.");
  } else {
    draft.problem(directive.at,
                  "@refersTo is not supported on type " + type.name + ". It can only be used on a @model type.",
                  "Remove it.");
  }
}

}  // namespace

void check_mappings(Draft& draft) {
  for (const auto& type : draft.document.types) {
    if (const auto* maps_to = graphql::directive(type.directives, "mapsTo")) check_maps_to(draft, type, *maps_to);
    if (const auto* refers_to = graphql::directive(type.directives, "refersTo"))
      check_refers_to(draft, type, *refers_to);
    for (const auto& field : type.fields) {
      if (const auto* refers_to = graphql::directive(field.directives, "refersTo"))
        check_refers_to(draft, type, *refers_to);
    }
  }
}

}  // namespace holdfast::schema
