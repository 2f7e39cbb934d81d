#include "model/schema_check.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

namespace holdfast {
namespace {

Error wrong(const std::string& place, std::string_view what) {
  return {Code::malformed, "schema: " + place + " " + std::string(what)};
}

bool is_name(std::string_view text) {
  const auto fits = [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) || letter == '_'; };
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), fits);
}

template <class Named>
Result<void> check_names(const std::string& place, const std::vector<Named>& all) {
  std::set<std::string_view> seen;
  for (const auto& one : all) {
    if (!is_name(one.name)) return wrong(place, "holds something without a name of letters, digits and underscores");
    if (!seen.insert(one.name).second) return wrong(place, "has two of the name " + one.name);
  }
  return {};
}

Result<void> check_fields(const Schema& schema, const std::string& owner, const std::vector<FieldSchema>& fields) {
  HOLDFAST_TRY(named, check_names(owner, fields));
  for (const auto& field : fields) {
    const bool is_known = field.kind == FieldKind::scalar ||
                          (field.kind == FieldKind::enumeration ? schema.enumeration(field.type_name) != nullptr
                                                                : schema.embedded_type(field.type_name) != nullptr);
    if (!is_known) return wrong(owner + "." + field.name, "has the type " + field.type_name + ", which is not there");
  }
  return {};
}

Result<void> check_named_fields(const std::string& place, const ModelSchema& model,
                                const std::vector<std::string>& names) {
  if (names.empty()) return wrong(place, "names no field");
  for (const auto& name : names) {
    const auto* field = model.field(name);
    if (!field) return wrong(place, "names the field " + name + ", which " + model.name + " does not have");
    if (field->is_list || field->kind == FieldKind::embedded)
      return wrong(place, name + " is of a type that is no key");
  }
  return {};
}

Result<void> check_relation(const Schema& schema, const ModelSchema& model, const RelationSchema& relation) {
  const auto place = model.name + "." + relation.name;
  const auto* target = schema.model(relation.target);
  if (!target) return wrong(place, "relates to " + relation.target + ", which is not there");
  if (relation.keys.size() != relation.target_keys.size())
    return wrong(place, "has keys and targetKeys of different length");
  HOLDFAST_TRY(ours, check_named_fields(place, model, relation.keys));
  return check_named_fields(place, *target, relation.target_keys);
}

Result<void> check_model(const Schema& schema, const ModelSchema& model) {
  HOLDFAST_TRY(fields, check_fields(schema, model.name, model.fields));
  HOLDFAST_TRY(relations, check_names(model.name, model.relations));
  HOLDFAST_TRY(key, check_named_fields(model.name + ".primaryKey", model, model.primary_key));
  for (const auto& index : model.indexes) {
    HOLDFAST_TRY(indexed, check_named_fields(model.name + "." + index.name, model, index.fields));
  }
  for (const auto& relation : model.relations) {
    HOLDFAST_TRY(related, check_relation(schema, model, relation));
  }
  return {};
}

}  // namespace

Result<void> check(const Schema& schema) {
  HOLDFAST_TRY(models, check_names("models", schema.models));
  HOLDFAST_TRY(enums, check_names("enums", schema.enums));
  HOLDFAST_TRY(embedded, check_names("embedded", schema.embedded));
  if (schema.models.empty()) return wrong("models", "is empty: a store needs one");
  for (const auto& type : schema.embedded) {
    HOLDFAST_TRY(fields, check_fields(schema, type.name, type.fields));
  }
  for (const auto& model : schema.models) {
    HOLDFAST_TRY(checked, check_model(schema, model));
  }
  return {};
}

}  // namespace holdfast
