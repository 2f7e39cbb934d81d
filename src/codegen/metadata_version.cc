#include "codegen/metadata_version.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json.h"

namespace holdfast::codegen {
namespace {

using schema::Dialect;

template <class T>
std::vector<const T*> by_name(std::initializer_list<const std::vector<T>*> lists) {
  std::vector<const T*> all;
  for (const auto* list : lists) {
    for (const auto& one : *list) all.push_back(&one);
  }
  std::stable_sort(all.begin(), all.end(), [](const T* left, const T* right) { return left->name < right->name; });
  return all;
}

bool is_relation(const Annotation& one, Dialect dialect) noexcept {
  if (dialect == Dialect::v1) return one.name == "connection";
  return one.name == "hasOne" || one.name == "hasMany" || one.name == "belongsTo";
}

Object described(const Annotation& one) { return Object{{"name", one.name}, {"arguments", one.arguments}}; }

Object described(const MetadataField& field, Dialect dialect) {
  List directives;
  for (const auto& one : field.annotations) {
    if (!is_relation(one, dialect)) continue;
    auto& directive = directives.emplace_back(described(one));
    if (one.is_tied_to_field) directive.as_object()->append("fieldName", field.name);
  }
  Object made{{"name", field.name},
              {"directives", std::move(directives)},
              {"type", field.type},
              {"isNullable", !field.is_required},
              {"isList", field.is_list}};
  if (field.is_list) made.append("isListNullable", !field.is_list_required);
  return made;
}

Object described(const MetadataType& type, Dialect dialect) {
  List directives;
  for (const auto& one : type.annotations) {
    if (dialect == Dialect::v1 && one.name == "key") directives.emplace_back(described(one));
  }
  List fields;
  for (const auto* field : by_name({&type.fields})) fields.emplace_back(described(*field, dialect));
  return Object{{"name", type.name}, {"directives", std::move(directives)}, {"fields", std::move(fields)}};
}

}  // namespace

// The text that is digested is the published generator's, member for member and in its order.
std::string published_version(const Metadata& metadata) {
  List types;
  for (const auto* type : by_name({&metadata.models, &metadata.non_models})) {
    types.emplace_back(described(*type, metadata.dialect));
  }
  return hex(md5(json::write(types)));
}

}  // namespace holdfast::codegen
