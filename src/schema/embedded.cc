// Enums, and the object types that are stored inside records.
#include <set>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

/// Walks from the models to every type that their records hold, depth first.
class EmbeddedTypes {
 public:
  explicit EmbeddedTypes(Draft& draft) : draft_(draft) {}

  void reach(const FieldSchema& field, const graphql::Location& at) {
    if (field.kind != FieldKind::embedded) return;
    if (open_.contains(field.type_name)) {
      return draft_.problem(at, "Type \"" + field.type_name + "\" contains itself.",
                            "Make it a model and relate it to itself, or use AWSJSON.");
    }
    if (open_.size() >= graphql::depth_max) {
      return draft_.problem(at, "Types nest deeper than " + std::to_string(graphql::depth_max) + " levels.",
                            "Make one of them a model, or use AWSJSON.");
    }
    if (!reached_.insert(field.type_name).second) return;
    read(*draft_.type(field.type_name));
  }

  [[nodiscard]] bool has(const std::string& name) const { return reached_.contains(name); }
  [[nodiscard]] EmbeddedSchema take(const std::string& name) { return std::move(types_[name]); }

 private:
  void read(const graphql::TypeDefinition& type) {
    open_.insert(type.name);
    EmbeddedSchema embedded{.name = type.name, .description = type.description};
    for (const auto& written : type.fields) {
      if (draft_.is_model(written.type.innermost())) {
        draft_.problem(written.at,
                       "Field \"" + type.name + "." + written.name + "\" refers to the model \"" +
                           written.type.innermost() + "\", but " + type.name + " is stored inside records.",
                       "Store the model's id as `ID`, or add @model to " + type.name + ".");
        continue;
      }
      auto field = stored_field(draft_, written);
      if (!field) continue;
      reach(*field, written.at);
      embedded.fields.push_back(std::move(*field));
    }
    open_.erase(type.name);
    types_[type.name] = std::move(embedded);
  }

  Draft& draft_;
  std::set<std::string> open_;
  std::set<std::string> reached_;
  std::map<std::string, EmbeddedSchema> types_;
};

EnumSchema enum_of(const graphql::TypeDefinition& type) {
  EnumSchema schema{.name = type.name, .description = type.description};
  for (const auto& value : type.values) schema.values.push_back(value.name);
  return schema;
}

}  // namespace

void read_enums_and_embedded(Draft& draft) {
  EmbeddedTypes types(draft);
  draft.each_model([&](const ModelSchema& model, const graphql::TypeDefinition& written) {
    for (const auto& field : model.fields) {
      const auto* definition = written.field(field.name);
      types.reach(field, definition == nullptr ? written.at : definition->at);
    }
  });
  for (const auto& type : draft.document.types) {
    if (type.kind == graphql::TypeKind::enumeration) draft.schema.enums.push_back(enum_of(type));
    if (types.has(type.name)) draft.schema.embedded.push_back(types.take(type.name));
  }
}

}  // namespace holdfast::schema
