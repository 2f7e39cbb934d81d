#include "codegen/metadata_json.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "codegen/metadata_draft.h"

namespace holdfast::codegen {
namespace {

template <class All>
bool has(const All& all, const std::string& name) noexcept {
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
}

std::string_view word_of(ConnectionKind kind) noexcept {
  switch (kind) {
    case ConnectionKind::has_one: return "HAS_ONE";
    case ConnectionKind::has_many: return "HAS_MANY";
    default: return "BELONGS_TO";
  }
}

Object single_names(const Association& association) {
  Object made{{"connectionType", word_of(association.kind)}};
  if (!association.associated_with.empty()) made.append("associatedWith", association.associated_with.front());
  if (association.target_names) made.append("targetName", association.target_names->front());
  return made;
}

Object association_json(const Metadata& metadata, const Association& association, Audience audience) {
  if (metadata.dialect == schema::Dialect::v1 && audience == Audience::datastore) return single_names(association);
  Object made{{"connectionType", word_of(association.kind)}};
  if (association.kind != ConnectionKind::belongs_to) {
    made.append("associatedWith", value_of(association.associated_with));
  }
  if (association.target_names) {
    made.append("targetNames", value_of(*association.target_names));
  } else if (association.kind == ConnectionKind::has_one && audience == Audience::introspection) {
    made.append("targetNames", List{});
  }
  return made;
}

Object typed_name(const Metadata& metadata, const MetadataField& field) {
  return Object{{"name", field.name},
                {"isArray", field.is_list},
                {"type", type_json(metadata, field.type)},
                {"isRequired", field.is_required}};
}

/// In the published order of members: who changes over sees no difference in committed files.
Object field_json(const Metadata& metadata, const MetadataField& field, Audience audience) {
  auto made = typed_name(metadata, field);
  made.append("attributes", List{});
  if (field.is_list) made.append("isArrayNullable", !field.is_list_required);
  if (field.is_read_only) made.append("isReadOnly", true);
  if (field.association) made.append("association", association_json(metadata, *field.association, audience));
  return made;
}

List attributes_json(const std::vector<Annotation>& annotations) {
  List all;
  for (const auto& one : annotations) all.emplace_back(Object{{"type", one.name}, {"properties", one.arguments}});
  return all;
}

// --- text ----------------------------------------------------------------------------------------------------

struct Indented {
  std::string& out;
  std::size_t indent;

  void line(std::size_t depth) { out.append("\n").append(depth * indent, ' '); }

  void value(const Value& written, std::size_t depth) {
    const auto* list = written.as_list();
    const auto* object = written.as_object();
    if (list != nullptr && !list->empty()) {
      items(*list, depth);
    } else if (object != nullptr && !object->empty()) {
      members(*object, depth);
    } else {
      json::write(written, out);
    }
  }

  void items(const List& list, std::size_t depth) {
    for (std::size_t at = 0; at < list.size(); ++at) {
      out += at == 0 ? "[" : ",";
      line(depth + 1);
      value(list[at], depth + 1);
    }
    line(depth);
    out += "]";
  }

  void members(const Object& object, std::size_t depth) {
    bool is_first = true;
    for (const auto& [name, member] : object) {
      out += std::exchange(is_first, false) ? "{" : ",";
      line(depth + 1);
      json::write_string(name, out);
      out += ": ";
      value(member, depth + 1);
    }
    line(depth);
    out += "}";
  }
};

}  // namespace

Value type_json(const Metadata& metadata, const std::string& type) {
  if (scalar_named(type)) return type;
  if (has(metadata.enums, type)) return Object{{"enum", type}};
  if (has(metadata.non_models, type)) return Object{{"nonModel", type}};
  if (has(metadata.models, type)) return Object{{"model", type}};
  if (has(metadata.inputs, type)) return Object{{"input", type}};
  return nullptr;
}

Object shape_json(const Metadata& metadata, const MetadataField& field) {
  auto made = typed_name(metadata, field);
  if (field.is_list) made.append("isArrayNullable", !field.is_list_required);
  return made;
}

Object declaration_json(const Metadata& metadata, const MetadataType& type, Audience audience) {
  Object fields;
  for (const auto& field : type.fields) fields.append(field.name, field_json(metadata, field, audience));
  Object made{{"name", type.name}, {"fields", std::move(fields)}};
  if (!type.identifier) return made;
  made.append("syncable", true);
  made.append("pluralName", schema::plural(type.name));
  made.append("attributes", attributes_json(type.annotations));
  return made;
}

Object enums_json(const Metadata& metadata) {
  Object all;
  for (const auto& one : metadata.enums) {
    List values;
    for (const auto& entry : one.entries) values.emplace_back(entry.value);
    all.append(one.name, Object{{"name", one.name}, {"values", std::move(values)}});
  }
  return all;
}

std::string indented(const Value& value, int indent) {
  std::string text;
  Indented{text, static_cast<std::size_t>(indent)}.value(value, 0);
  return text;
}

}  // namespace holdfast::codegen
