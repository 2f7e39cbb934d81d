// The dialect, by drawn schemas: what is read holds together, gives an API that is one, and reads the same again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "api/document.h"
#include "codegen/cpp_models.h"
#include "fuzz/drawn_schema.h"
#include "graphql/printer.h"
#include "graphql/type_system.h"
#include "schema/compare.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using graphql::Diagnostic;

void check_relation(const Schema& schema, const ModelSchema& model, const RelationSchema& relation) {
  const auto* target = schema.model(relation.target);
  HOLDFAST_ASSERT(target != nullptr, "a relation leads to a model");
  HOLDFAST_ASSERT(!relation.keys.empty() && relation.keys.size() == relation.target_keys.size(), "keys are parallel");
  for (const auto& key : relation.keys) HOLDFAST_ASSERT(model.field(key) != nullptr, "a relation's key is a field");
  for (const auto& key : relation.target_keys) HOLDFAST_ASSERT(target->field(key) != nullptr, "so is the one over there");
}

void check_schema(const Schema& schema) {
  for (const auto& model : schema.models) {
    HOLDFAST_ASSERT(!model.primary_key.empty(), "every model has a key");
    for (const auto& key : model.primary_key) HOLDFAST_ASSERT(model.field(key) != nullptr, "a key is made of fields");
    for (const auto& index : model.indexes) {
      for (const auto& key : index.fields) HOLDFAST_ASSERT(model.field(key) != nullptr, "an index is made of fields");
    }
    for (const auto& relation : model.relations) check_relation(schema, model, relation);
    for (const auto& field : model.fields) {
      const bool is_enum = field.kind == FieldKind::enumeration;
      if (is_enum) HOLDFAST_ASSERT(schema.enumeration(field.type_name) != nullptr, "an enum of the schema");
      if (field.kind == FieldKind::embedded) HOLDFAST_ASSERT(schema.embedded_type(field.type_name) != nullptr, "a type of it");
    }
  }
  HOLDFAST_ASSERT(compare(schema, schema).empty(), "nothing differs from itself");
}

void check_api(const Reading& reading) {
  for (const bool is_versioned : {true, false}) {
    const auto document = api::document(reading, {.is_versioned = is_versioned, .modes = {}});
    auto again = graphql::parse_schema(graphql::print(document));
    HOLDFAST_ASSERT(std::holds_alternative<graphql::SchemaDocument>(again), "the API is GraphQL");
    static_cast<void>(graphql::TypeSystem::build(std::move(std::get<graphql::SchemaDocument>(again))));
  }
}

void check(const std::string& text, const ReadOptions& options) {
  const std::vector<graphql::Source> sources{{"schema.graphql", text}};
  const auto read = read_schema(sources, options);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&read)) {
    HOLDFAST_ASSERT(!problems->empty(), "a refusal names its reason");
    for (const auto& problem : *problems) {
      HOLDFAST_ASSERT(!problem.message.empty(), "a problem says what it is");
      static_cast<void>(graphql::render(problem, sources));
    }
    return;
  }
  const auto& reading = std::get<Reading>(read);
  check_schema(reading.schema);
  static_cast<void>(codegen::cpp_models(reading, {}));
  check_api(reading);
}

}  // namespace
}  // namespace holdfast::schema

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdfast::schema;
  const auto text = holdfast::fuzz::DrawnSchema(bytes, size).text();
  check(text, {});
  check(text, {.dialect = Dialect::v1, .modes = {AuthMode::user_pools}, .has_conflict_detection = false});
  check(text, {.dialect = Dialect::v2, .modes = {AuthMode::api_key, AuthMode::user_pools, AuthMode::iam, AuthMode::oidc,
                                                 AuthMode::lambda}});
  return 0;
}
