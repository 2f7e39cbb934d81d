// What must hold between the types of an API whatever its directives say: interfaces are implemented, unions hold
// objects, arguments take inputs and fields give outputs. The published transformer leaves this to the service, which
// refuses the finished API; said here, it stands at the line that is wrong.
#include <algorithm>
#include <array>

#include "graphql/type_system.h"
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

using graphql::FieldDefinition;
using graphql::SchemaDocument;
using graphql::TypeDefinition;
using graphql::TypeKind;
using graphql::TypeRef;

TypeDefinition scalar(std::string name) { return {.kind = TypeKind::scalar, .name = std::move(name)}; }

void add_missing(TypeDefinition& type, std::string name, TypeRef of) {
  if (type.field(name) == nullptr) type.fields.push_back({.name = std::move(name), .type = std::move(of)});
}

TypeRef type_of(const FieldSchema& field) {
  TypeRef type;
  type.name = field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
  type.is_non_null = field.is_required;
  if (!field.is_list) return type;
  TypeRef list;
  list.element.push_back(std::move(type));
  list.is_non_null = field.is_list_required;
  return list;
}

/// An interface may promise what the service adds to a model.
void add_implied(TypeDefinition& type, const ModelSchema& model) {
  for (const auto& field : model.fields) {
    if (field.is_implied && !field.is_hidden) add_missing(type, field.name, type_of(field));
  }
  add_missing(type, "_version", {.name = "Int", .is_non_null = true});
  add_missing(type, "_deleted", {.name = "Boolean"});
  add_missing(type, "_lastChangedAt", {.name = "AWSTimestamp", .is_non_null = true});
}

/// The schema as it stands before operations are added: with the service's scalars, without the tools' settings.
SchemaDocument as_api(Draft& draft) {
  SchemaDocument document;
  document.schemas = draft.document.schemas;
  for (const auto& type : draft.document.types) {
    if (type.name == "AMPLIFY" || scalar_named(type.name)) continue;
    // An empty root has its fields from the models.
    if (is_root(type.name) && type.fields.empty()) continue;
    document.types.push_back(type);
    if (const auto* model = draft.model(type.name)) add_implied(document.types.back(), *model);
  }
  for (int at = static_cast<int>(Scalar::aws_date); at <= static_cast<int>(Scalar::aws_ip_address); ++at) {
    document.types.push_back(scalar(std::string(graphql_name(static_cast<Scalar>(at)))));
  }
  const bool has_query = std::any_of(document.types.begin(), document.types.end(),
                                     [](const TypeDefinition& type) { return type.name == "Query"; });
  if (!has_query && draft.type("Query") == nullptr) {
    document.types.push_back({.name = "Query", .fields = {{.name = "none", .type = {.name = "Int"}}}});
  }
  return document;
}

std::vector<graphql::Location> places_of(const std::vector<graphql::Diagnostic>& problems) {
  std::vector<graphql::Location> places;
  for (const auto& problem : problems) places.push_back(problem.at);
  return places;
}

void check_root_names(Draft& draft) {
  for (const auto& schema : draft.document.schemas) {
    const std::array<std::pair<std::string_view, std::string_view>, 3> roots = {
        {{schema.query, "Query"}, {schema.mutation, "Mutation"}, {schema.subscription, "Subscription"}}};
    for (const auto& [written, wanted] : roots) {
      if (written.empty() || written == wanted || draft.type(written) == nullptr) continue;
      draft.problem(schema.at,
                    "The root type \"" + std::string(written) + "\" must be called " + std::string(wanted) + ".",
                    "Rename the type: the models' operations are added to " + std::string(wanted) + ".");
    }
  }
}

}  // namespace

void check_structure(Draft& draft) {
  check_root_names(draft);
  auto built = graphql::TypeSystem::build(as_api(draft));
  const auto* problems = std::get_if<std::vector<graphql::Diagnostic>>(&built);
  if (problems == nullptr) return;
  // Another pass may have said it already, and better.
  const auto said = places_of(draft.problems);
  for (const auto& problem : *problems) {
    if (std::find(said.begin(), said.end(), problem.at) == said.end()) draft.problems.push_back(problem);
  }
}

}  // namespace holdfast::schema
