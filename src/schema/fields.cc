// Models and the fields that were written for them.
#include <algorithm>
#include <array>

#include "schema/draft.h"
#include "schema/names.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

using graphql::FieldDefinition;
using graphql::TypeKind;

constexpr std::array<std::string_view, 3> sync_fields = {"_version", "_deleted", "_lastChangedAt"};
constexpr std::array<std::string_view, 3> filter_words = {"and", "or", "not"};

void report_unusable(Draft& draft, const FieldDefinition& written, const graphql::TypeDefinition& type) {
  switch (type.kind) {
    case TypeKind::scalar:
      return draft.problem(written.type.at,
                           "Unknown scalar \"" + type.name + "\": records hold only the scalars of AppSync.",
                           "Use String, or AWSJSON for structured content.");
    case TypeKind::input:
      return draft.problem(written.type.at,
                           "The type of a field must be an output type, but \"" + type.name + "\" is an input.",
                           "Define it with the word type.");
    case TypeKind::object:
      return draft.problem(written.type.at,
                           "Field \"" + written.name + "\" has the type " + type.name + ", which no record is part of.",
                           "Use an object type of your own.");
    default:
      // The published transformer takes it, and names an input for it that nobody defines.
      return draft.notice(written.type.at,
                          "Field \"" + written.name + "\" has the " +
                              (type.kind == TypeKind::union_type ? "union" : "interface") + " type \"" + type.name +
                              "\", which records cannot hold: it is not stored, and AppSync refuses the API.",
                          "Use an object type, or AWSJSON.");
  }
}

/// The published transformer takes such a field into the API, where nothing fills it.
void notice_missing_relation(Draft& draft, const FieldDefinition& written) {
  const auto& target = written.type.innermost();
  const bool is_v1 = draft.dialect == Dialect::v1;
  const std::string directive = is_v1 ? "@connection" : written.type.is_list() ? "@hasMany" : "@hasOne or @belongsTo";
  draft.notice(written.at,
               "Field \"" + written.name + "\" is of the model type \"" + target +
                   "\" but says no relation: it is never stored.",
               "Add " + directive + " to it.");
}

}  // namespace

std::optional<FieldSchema> stored_field(Draft& draft, const FieldDefinition& written) {
  FieldSchema field{.name = written.name, .description = written.description};
  const auto& type = written.type;
  field.is_list = type.is_list();
  field.is_list_required = type.is_list() && type.is_non_null;
  field.is_required = type.is_list() ? type.element.front().is_non_null : type.is_non_null;
  if (type.is_list() && type.element.front().is_list()) {
    draft.problem(type.at, "Field \"" + written.name + "\" is a list of lists, which records cannot hold.",
                  "Use AWSJSON, or a list of an object type.");
    return std::nullopt;
  }
  if (const auto scalar = scalar_named(type.innermost())) {
    field.scalar = *scalar;
    return field;
  }
  const auto* named = draft.type(type.innermost());
  if (named == nullptr) return std::nullopt;
  field.type_name = named->name;
  if (named->kind == TypeKind::enumeration) {
    field.kind = FieldKind::enumeration;
  } else if (named->kind == TypeKind::object && !is_root(named->name)) {
    field.kind = FieldKind::embedded;
  } else {
    report_unusable(draft, written, *named);
    return std::nullopt;
  }
  return field;
}

namespace {

bool is_resolved_elsewhere(const FieldDefinition& written) noexcept {
  return graphql::directive(written.directives, "function") != nullptr ||
         graphql::directive(written.directives, "http") != nullptr;
}

bool is_in(const auto& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether the service leaves the name to the author.
bool check_name(Draft& draft, const ModelSchema& model, const FieldDefinition& written) {
  if (draft.options.has_conflict_detection && is_in(sync_fields, written.name)) {
    draft.problem(written.at, "Field \"" + written.name + "\" is added to every model by the service.", "Remove it.");
  } else if (is_in(filter_words, written.name)) {
    draft.problem(written.at,
                  "Field \"" + written.name + "\" cannot be told from the word that joins conditions: type Model" +
                      upper_first(model.name) + "FilterInput has already a field with name " + written.name,
                  "Rename the field.");
  } else if (written.name.starts_with("__")) {
    draft.problem(
        written.at,
        "Name \"" + written.name + "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
        "Rename the field.");
  } else {
    return true;
  }
  return false;
}

void read_field(Draft& draft, ModelSchema& model, const FieldDefinition& written) {
  const auto& target = written.type.innermost();
  const auto* relation = relation_directive(written);
  if (!check_name(draft, model, written)) return;
  if (is_resolved_elsewhere(written) && draft.is_model(target)) return;
  if (relation != nullptr && !draft.is_model(target)) {
    if (scalar_named(target) || draft.type(target) != nullptr) {
      draft.problem(relation->at, "Object type " + target + " must be annotated with @model.",
                    scalar_named(target) ? "Relate to a model, or remove @" + relation->name + "."
                                         : "Add @model to " + target + ", or remove @" + relation->name +
                                               " to store it inside the record.");
    }
    return;
  }
  if (relation != nullptr) return;
  if (draft.is_model(target)) return notice_missing_relation(draft, written);
  if (auto field = stored_field(draft, written)) model.fields.push_back(std::move(*field));
}

void add_id(ModelSchema& model) {
  FieldSchema id{.name = "id", .scalar = Scalar::id, .is_required = true, .is_implied = true};
  model.fields.insert(model.fields.begin(), std::move(id));
}

bool has_primary_key(const graphql::TypeDefinition& type) noexcept {
  const bool has_key = std::any_of(type.directives.begin(), type.directives.end(), [](const graphql::Directive& one) {
    return one.name == "key" && graphql::argument(one.arguments, "name") == nullptr;
  });
  return has_key || std::any_of(type.fields.begin(), type.fields.end(), [](const FieldDefinition& field) {
           return graphql::directive(field.directives, "primaryKey") != nullptr;
         });
}

}  // namespace

void read_fields(Draft& draft) {
  for (const auto& type : draft.document.types) {
    if (!draft.is_model(type.name)) continue;
    ModelSchema model{.name = type.name, .plural_name = plural(type.name), .description = type.description};
    for (const auto& field : type.fields) read_field(draft, model, field);
    if (type.field("id") == nullptr && !has_primary_key(type)) add_id(model);
    draft.schema.models.push_back(std::move(model));
  }
}

}  // namespace holdfast::schema
