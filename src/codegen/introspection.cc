#include "codegen/introspection.h"

#include <utility>

#include "codegen/conversation.h"
#include "codegen/metadata_json.h"

namespace holdfast::codegen {
namespace {

constexpr int version = 1;
constexpr int indent = 4;

Object primary_key_json(const Identifier& identifier) {
  const auto& fields = identifier.fields;
  return Object{{"isCustomPrimaryKey", identifier.kind == IdentifierKind::custom},
                {"primaryKeyFieldName", fields.front()},
                {"sortKeyFieldNames", List(fields.begin() + 1, fields.end())}};
}

Object models_json(const Metadata& metadata) {
  Object all;
  for (const auto& model : metadata.models) {
    auto made = declaration_json(metadata, model, Audience::introspection);
    made.append("primaryKeyInfo", primary_key_json(*model.identifier));
    all.append(model.name, std::move(made));
  }
  return all;
}

Object non_models_json(const Metadata& metadata) {
  Object all;
  for (const auto& type : metadata.non_models) {
    all.append(type.name, declaration_json(metadata, type, Audience::introspection));
  }
  return all;
}

Object shapes_json(const Metadata& metadata, const std::vector<MetadataField>& fields) {
  Object all;
  for (const auto& field : fields) all.append(field.name, shape_json(metadata, field));
  return all;
}

Object operation_json(const Metadata& metadata, const MetadataOperation& operation) {
  auto made = shape_json(metadata, operation.field);
  if (!operation.arguments.empty()) made.append("arguments", shapes_json(metadata, operation.arguments));
  return made;
}

Object operations_json(const Metadata& metadata, const std::vector<MetadataOperation>& operations) {
  Object all;
  for (const auto& one : operations) all.append(one.field.name, operation_json(metadata, one));
  return all;
}

Object conversations_json(const Metadata& metadata) {
  Object all;
  for (const auto& one : metadata.conversations) {
    all.append(one.field.name, conversation_json(one.field.name, operation_json(metadata, one)));
  }
  return all;
}

Object inputs_json(const Metadata& metadata) {
  Object all;
  for (const auto& input : metadata.inputs) {
    all.append(input.name, Object{{"name", input.name}, {"attributes", shapes_json(metadata, input.fields)}});
  }
  return all;
}

void append_unless_empty(Object& made, std::string name, Object part) {
  if (!part.empty()) made.append(std::move(name), std::move(part));
}

}  // namespace

Value introspection(const Metadata& metadata) {
  Object made{{"version", version},
              {"models", models_json(metadata)},
              {"enums", enums_json(metadata)},
              {"nonModels", non_models_json(metadata)}};
  append_unless_empty(made, "queries", operations_json(metadata, metadata.queries));
  append_unless_empty(made, "generations", operations_json(metadata, metadata.generations));
  append_unless_empty(made, "mutations", operations_json(metadata, metadata.mutations));
  append_unless_empty(made, "conversations", conversations_json(metadata));
  append_unless_empty(made, "subscriptions", operations_json(metadata, metadata.subscriptions));
  append_unless_empty(made, "inputs", inputs_json(metadata));
  return made;
}

GeneratedFile introspection_file(const Metadata& metadata) {
  return {"model-introspection.json", indented(introspection(metadata), indent) + "\n"};
}

}  // namespace holdfast::codegen
