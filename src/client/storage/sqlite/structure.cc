#include "client/storage/sqlite/structure.h"

#include <array>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/scalars.h"

namespace holdfast::client {
namespace {

constexpr std::array<std::string_view, 3> relation_words{"belongsTo", "hasOne", "hasMany"};

List texts(const std::vector<std::string>& from) { return {from.begin(), from.end()}; }

std::vector<std::string> strings(const Value& list) {
  std::vector<std::string> out;
  const auto* elements = list.as_list();
  if (!elements) return out;
  for (const auto& element : *elements) {
    if (const auto* text = element.as_string()) out.push_back(*text);
  }
  return out;
}

template <class Items, class Write>
List written(const Items& items, const Write& write) {
  List out;
  for (const auto& item : items) out.emplace_back(write(item));
  return out;
}

template <class T, class Read>
Result<std::vector<T>> all_of(const Value& list, const Read& read) {
  std::vector<T> out;
  const auto* elements = list.as_list();
  if (!elements) return Error{Code::malformed, "a list is missing"};
  for (const auto& element : *elements) {
    HOLDFAST_TRY(one, read(element));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::string> name_of(const Value& object) {
  const auto* name = object["name"].as_string();
  return name && !name->empty() ? Result<std::string>(*name) : Error{Code::malformed, "something has no name"};
}

bool is_set(const Value& object, std::string_view member) {
  const auto* value = object[member].as_boolean();
  return value && *value;
}

// --- fields --------------------------------------------------------------------------------------------------

Object field_object(const FieldSchema& field) {
  Object out{{"name", field.name}, {"type", type_text(field)}};
  if (field.kind == FieldKind::enumeration) out.append("isEnum", true);
  if (field.is_read_only) out.append("isReadOnly", true);
  if (field.is_hidden) out.append("isHidden", true);
  return out;
}

bool take_last(std::string_view& text, char letter) {
  if (text.empty() || text.back() != letter) return false;
  text.remove_suffix(1);
  return true;
}

Result<FieldSchema> field_of(const Value& object) {
  HOLDFAST_TRY(name, name_of(object));
  const auto* type = object["type"].as_string();
  if (!type) return Error{Code::malformed, name + " has no type"};
  FieldSchema field{.name = std::move(name)};
  std::string_view text = *type;
  const bool is_last_required = take_last(text, '!');
  field.is_list = take_last(text, ']') && text.starts_with('[');
  if (field.is_list) text.remove_prefix(1);
  field.is_list_required = field.is_list && is_last_required;
  field.is_required = field.is_list ? take_last(text, '!') : is_last_required;
  if (const auto scalar = scalar_named(text)) {
    field.scalar = *scalar;
  } else {
    field.kind = is_set(object, "isEnum") ? FieldKind::enumeration : FieldKind::embedded;
    field.type_name = text;
  }
  field.is_read_only = is_set(object, "isReadOnly");
  field.is_hidden = is_set(object, "isHidden");
  return field;
}

Result<EmbeddedSchema> embedded_of(const Value& object) {
  HOLDFAST_TRY(name, name_of(object));
  HOLDFAST_TRY(fields, all_of<FieldSchema>(object["fields"], field_of));
  return EmbeddedSchema{.name = std::move(name), .fields = std::move(fields)};
}

Result<EnumSchema> enum_of(const Value& object) {
  HOLDFAST_TRY(name, name_of(object));
  return EnumSchema{.name = std::move(name), .values = strings(object["values"])};
}

// --- models --------------------------------------------------------------------------------------------------

Object relation_object(const RelationSchema& relation) {
  Object out{{"name", relation.name},
             {"kind", relation_words.at(static_cast<std::size_t>(relation.kind))},
             {"target", relation.target},
             {"keys", texts(relation.keys)},
             {"targetKeys", texts(relation.target_keys)}};
  if (relation.is_required) out.append("isRequired", true);
  return out;
}

Result<RelationSchema> relation_of(const Value& object) {
  HOLDFAST_TRY(name, name_of(object));
  RelationSchema relation{.name = std::move(name)};
  const auto* kind = object["kind"].as_string();
  const auto* target = object["target"].as_string();
  if (!kind || !target) return Error{Code::malformed, "the relation " + relation.name + " has no kind or target"};
  for (std::size_t at = 0; at < relation_words.size(); ++at) {
    if (*kind == relation_words.at(at)) relation.kind = static_cast<RelationKind>(at);
  }
  relation.target = *target;
  relation.keys = strings(object["keys"]);
  relation.target_keys = strings(object["targetKeys"]);
  relation.is_required = is_set(object, "isRequired");
  return relation;
}

Result<IndexSchema> index_of(const Value& object) {
  const auto* name = object["name"].as_string();
  if (!name) return Error{Code::malformed, "an index has no name, not even an empty one"};
  return IndexSchema{.name = *name, .fields = strings(object["fields"])};
}

Object model_object(const ModelSchema& model) {
  return {{"name", model.name},
          {"primaryKey", texts(model.primary_key)},
          {"fields", written(model.fields, field_object)},
          {"relations", written(model.relations, relation_object)},
          {"indexes", written(model.indexes, [](const IndexSchema& index) {
             return Object{{"name", index.name}, {"fields", texts(index.fields)}};
           })}};
}

Result<ModelSchema> model_of(const Value& object) {
  HOLDFAST_TRY(name, name_of(object));
  ModelSchema model{.name = std::move(name)};
  HOLDFAST_TRY(fields, all_of<FieldSchema>(object["fields"], field_of));
  HOLDFAST_TRY(relations, all_of<RelationSchema>(object["relations"], relation_of));
  model.fields = std::move(fields);
  HOLDFAST_TRY(indexes, all_of<IndexSchema>(object["indexes"], index_of));
  model.relations = std::move(relations);
  model.indexes = std::move(indexes);
  model.primary_key = strings(object["primaryKey"]);
  for (const auto& part : model.primary_key) {
    if (!model.field(part)) return Error{Code::malformed, model.name + " has no field " + part};
  }
  if (model.primary_key.empty()) return Error{Code::malformed, model.name + " has no primary key"};
  return model;
}

}  // namespace

std::string structure_text(const Schema& schema) {
  return json::write(Object{
      {"models", written(schema.models, model_object)},
      {"enums", written(schema.enums, [](const EnumSchema& type) {
         return Object{{"name", type.name}, {"values", texts(type.values)}};
       })},
      {"embedded", written(schema.embedded, [](const EmbeddedSchema& type) {
         return Object{{"name", type.name}, {"fields", written(type.fields, field_object)}};
       })}});
}

Result<Schema> schema_of_structure(std::string_view text) {
  HOLDFAST_TRY(object, json::parse(text));
  HOLDFAST_TRY(models, all_of<ModelSchema>(object["models"], model_of));
  HOLDFAST_TRY(enums, all_of<EnumSchema>(object["enums"], enum_of));
  HOLDFAST_TRY(embedded, all_of<EmbeddedSchema>(object["embedded"], embedded_of));
  Schema schema;
  schema.models = std::move(models);
  schema.enums = std::move(enums);
  schema.embedded = std::move(embedded);
  return schema;
}

}  // namespace holdfast::client
