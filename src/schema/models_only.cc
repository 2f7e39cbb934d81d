// Directives that mean something on models only.
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;

void refuse(Draft& draft, const graphql::TypeDefinition& type, const Directive& directive, std::string message) {
  draft.problem(directive.at, std::move(message),
                "Add @model to " + type.name + ", or remove @" + directive.name + ".");
}

std::string only_models(const Directive& directive) {
  return "The @" + directive.name + " directive may only be added to object definitions annotated with @model.";
}

void check_type(Draft& draft, const graphql::TypeDefinition& type) {
  for (const auto& directive : type.directives) {
    if (directive.name == "key") refuse(draft, type, directive, only_models(directive));
    if (directive.name != "searchable" && directive.name != "versioned") continue;
    refuse(draft, type, directive, "Types annotated with @" + directive.name + " must also be annotated with @model.");
  }
  for (const auto& field : type.fields) {
    for (const auto& directive : field.directives) {
      const auto& name = directive.name;
      if (name == "primaryKey" || name == "index" || name == "default") {
        refuse(draft, type, directive, only_models(directive));
      } else if (name == "validate") {
        refuse(draft, type, directive, "@validate directive can only be used on fields within @model types.");
      } else if (relation_directive(field) == &directive) {
        refuse(draft, type, directive, "@" + name + " must be on an @model object type field.");
      }
    }
  }
}

}  // namespace

void check_models_only(Draft& draft) {
  for (const auto& type : draft.document.types) {
    if (!draft.is_model(type.name)) check_type(draft, type);
  }
}

}  // namespace holdfast::schema
