// The version of a schema: a digest of what decides how records look on a device.
#include <utility>

#include "base/bytes.h"
#include "base/json.h"
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

Value texts(const std::vector<std::string>& all) {
  List list;
  for (const auto& text : all) list.emplace_back(text);
  return list;
}

Value described(const std::vector<FieldSchema>& fields) {
  List list;
  for (const auto& field : fields) {
    const std::string type(field.kind == FieldKind::scalar ? graphql_name(field.scalar) : field.type_name);
    list.emplace_back(Object{{"name", field.name},
                             {"kind", static_cast<int>(field.kind)},
                             {"type", type},
                             {"list", field.is_list},
                             {"required", field.is_required},
                             {"listRequired", field.is_list_required}});
  }
  return list;
}

Value described(const RelationSchema& relation) {
  return Object{{"name", relation.name},
                {"kind", static_cast<int>(relation.kind)},
                {"target", relation.target},
                {"keys", texts(relation.keys)},
                {"targetKeys", texts(relation.target_keys)}};
}

Value described(const ModelSchema& model) {
  List relations;
  for (const auto& relation : model.relations) relations.push_back(described(relation));
  return Object{{"name", model.name},
                {"key", texts(model.primary_key)},
                {"fields", described(model.fields)},
                {"relations", std::move(relations)}};
}

}  // namespace

// Enum values, descriptions, indexes and names of operations may change without touching a stored record.
std::string version_of(const Schema& schema) {
  List models;
  for (const auto& model : schema.models) models.push_back(described(model));
  List embedded;
  for (const auto& type : schema.embedded) {
    embedded.emplace_back(Object{{"name", type.name}, {"fields", described(type.fields)}});
  }
  return hex(md5(json::write(Object{{"models", std::move(models)}, {"embedded", std::move(embedded)}})));
}

}  // namespace holdfast::schema
