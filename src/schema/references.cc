// Relations by `references`, the form that Gen 2 writes.
#include <algorithm>

#include "schema/key_rules.h"
#include "schema/names.h"
#include "schema/relation_use.h"

namespace holdfast::schema {
namespace {

using Names = std::vector<std::string>;

bool report(Draft& draft, const RelationUse& use, std::string message, std::string remedy) {
  draft.problem(use.directive.at, std::move(message), std::move(remedy));
  return false;
}

bool is_belongs_to(const RelationUse& use) { return use.directive.name == "belongsTo"; }

/// Arguments that say the same in another way.
bool check_other_arguments(Draft& draft, const RelationUse& use, const Names& names) {
  if (graphql::argument(use.directive.arguments, "fields") != nullptr) {
    return report(draft, use,
                  "fields and references cannot be defined in the same " + use.directive.name + ". Use 'references'",
                  "Keep one of the two arguments.");
  }
  if (names.empty()) {
    return report(draft, use,
                  "Invalid @" + use.directive.name + " directive on " + use.field.name + " - empty references list",
                  "Name the foreign key fields.");
  }
  if (graphql::argument(use.directive.arguments, "indexName") == nullptr) return true;
  return report(draft, use,
                "Invalid @" + use.directive.name + " directive on " + use.place() +
                    " - indexName is not supported with DynamoDB references.",
                "Remove indexName: the index is made for the references.");
}

bool check_nullable(Draft& draft, const RelationUse& use) {
  const auto& type = use.field.type;
  const bool is_element_required = type.is_list() && type.element.front().is_non_null;
  if (!type.is_non_null && !is_element_required) return true;
  const auto wanted = type.is_list() ? "[" + use.target.name + "]" : use.target.name;
  const auto written = type.is_non_null ? wanted + "!" : type.text();
  draft.problem(use.field.at,
                "@" + use.directive.name + " fields must not be required. Change '" + use.place() + ": " + written +
                    "' to '" + use.place() + ": " + wanted + "'",
                "Remove the ! behind the type.");
  return false;
}

bool check_fields(Draft& draft, const RelationUse& use, const ModelSchema& child, const Names& names) {
  const auto& type = *draft.type(child.name);
  for (const auto& name : names) {
    const auto* written = type.field(name);
    const auto* field = child.field(name);
    if (written == nullptr) {
      return report(draft, use, name + " is not a field in " + child.name,
                    "Add `" + name + ": ID` to " + child.name + ", or name a field that it has.");
    }
    if (field != nullptr && is_key_type(*field)) continue;
    return report(draft, use, "All references provided to @" + use.directive.name + " must be scalar or enum fields.",
                  "'" + name + "' is none: name a field with one ID or text.");
  }
  const auto is_required = [&](const std::string& name) { return type.field(name)->type.is_non_null; };
  const auto required = static_cast<std::size_t>(std::count_if(names.begin(), names.end(), is_required));
  if (is_belongs_to(use) || required == 0 || required == names.size()) return true;
  return report(draft, use,
                "Reference fields defined on related type: '" + child.name + "' for @" + use.directive.name +
                    " relationship on " + use.place() + " have inconsistent nullability.",
                "Write ! behind all of " + listed(names) + ", or behind none.");
}

bool check_types(Draft& draft, const RelationUse& use, const ModelSchema& child, const Names& names) {
  const auto& parent = is_belongs_to(use) ? use.target : use.model;
  if (parent.primary_key.size() != names.size()) {
    return report(draft, use,
                  "The number of references provided to @" + use.directive.name +
                      " must match the number of primary keys on " + parent.name + ".",
                  "Name one field for each of " + listed(parent.primary_key) + ".");
  }
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto* key = parent.field(parent.primary_key[at]);
    const auto* reference = child.field(names[at]);
    if (key == nullptr || reference == nullptr || are_same_kind(*key, *reference)) continue;
    return report(draft, use,
                  "Type mismatch between primary key field(s) of " + parent.name + " and reference fields of " +
                      child.name + ". Type of " + parent.name + "." + key->name + " does not match type of " +
                      child.name + "." + reference->name,
                  "Give both the same type; otherwise they never are equal.");
  }
  return true;
}

bool check_both_sides(Draft& draft, const RelationUse& use, const Names& names) {
  const auto partners =
      is_belongs_to(use) ? all_facing(draft, use, {"hasMany", "hasOne"}) : all_facing(draft, use, {"belongsTo"});
  const bool has_partner = std::any_of(partners.begin(), partners.end(), [&](const graphql::FieldDefinition* partner) {
    return texts_argument(*relation_directive(*partner), "references") == names;
  });
  if (has_partner) return true;
  return report(draft, use,
                "Uni-directional relationships are not supported. Add a " +
                    std::string(is_belongs_to(use) ? "@hasOne or @hasMany" : "@belongsTo") + " field in " +
                    use.target.name + " to match the @" + use.directive.name + " field " + use.place() +
                    ", and ensure the number and type of reference fields match the number and type of primary key "
                    "fields in " +
                    (is_belongs_to(use) ? use.target.name : use.model.name) + ".",
                "Write the same references on both sides.");
}

/// The service names the index that it makes for the references.
bool check_index_name(Draft& draft, const RelationUse& use, const ModelSchema& child) {
  if (is_belongs_to(use)) return true;
  const auto name = "gsi-" + use.model.name + "." + use.field.name;
  if (index_named(child, name) == nullptr) return true;
  return report(draft, use,
                "Global secondary index " + name + " defined on " + child.name +
                    " conflicts with the naming convention used to create implicit GSIs for querying relationships.",
                "Rename that @index.");
}

}  // namespace

bool check_references(Draft& draft, const RelationUse& use, const ModelSchema& child, const Names& names) {
  return check_other_arguments(draft, use, names) && check_fields(draft, use, child, names) &&
         check_types(draft, use, child, names) && check_nullable(draft, use) && check_both_sides(draft, use, names) &&
         check_index_name(draft, use, child);
}

}  // namespace holdfast::schema
