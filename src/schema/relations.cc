// Relations of the current dialect: @hasOne, @hasMany, @belongsTo; sides of @manyToMany are collected.
#include <algorithm>

#include "schema/key_rules.h"
#include "schema/names.h"
#include "schema/relation_use.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::FieldDefinition;

using Names = std::optional<std::vector<std::string>>;

std::vector<std::string> key_names(const ModelSchema& keyed, const std::string& type, const std::string& field) {
  std::vector<std::string> names;
  for (const auto& key : keyed.primary_key) names.push_back(camel({type, field, key}));
  return names;
}

/// Adds to `holder` the keys of `keyed` under `names`.
void add_keys(ModelSchema& holder, const ModelSchema& keyed, const std::vector<std::string>& names, bool is_required) {
  for (std::size_t at = 0; at < names.size() && at < keyed.primary_key.size(); ++at) {
    const auto* key = keyed.field(keyed.primary_key[at]);
    if (key == nullptr) continue;
    auto field = foreign_key(names[at], *key, is_required);
    // What refers to a generated kind of key is an ID, also when its author made a String of it.
    if (!keyed.has_custom_primary_key && field.kind == FieldKind::scalar && field.scalar == Scalar::string) {
      field.scalar = Scalar::id;
    }
    add_foreign_key(holder, std::move(field));
  }
}

/// The named fields exist and can be keys.
bool check_names(Draft& draft, const RelationUse& use, const ModelSchema& owner,
                 const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto* field = owner.field(name);
    if (field != nullptr && is_key_type(*field)) continue;
    if (field == nullptr && draft.type(owner.name)->field(name) == nullptr) {
      draft.problem(use.directive.at, name + " is not a field in " + owner.name,
                    "Add `" + name + ": ID` to " + owner.name + ", or name a field that it has.");
    } else {
      draft.problem(use.directive.at,
                    "All fields provided to @" + use.directive.name + " must be scalar or enum fields.",
                    "'" + name + "' is none: name a field with one ID or text.");
    }
    return false;
  }
  return true;
}

bool check_fields(Draft& draft, const RelationUse& use, const std::vector<std::string>& names) {
  if (!names.empty()) return check_names(draft, use, use.model, names);
  draft.problem(use.directive.at, "No fields passed to @" + use.directive.name + " directive.",
                "Name the key fields, or leave the argument out.");
  return false;
}

bool is_generated_key(const FieldSchema& field) noexcept { return field.is_implied && field.name != "id"; }

/// Parallel keys must be as many and of the same types; one key may match the first of theirs when `may_be_first`.
bool check_parallel(Draft& draft, const RelationUse& use, RelationSchema& relation, bool may_be_first) {
  if (may_be_first && relation.keys.size() == 1 && !relation.target_keys.empty()) relation.target_keys.resize(1);
  if (relation.keys.size() != relation.target_keys.size()) {
    draft.problem(
        use.directive.at,
        "Invalid @" + use.directive.name + " directive on " + use.field.name + ". Partial sort keys are not accepted.",
        "Name one field for each of " + listed(relation.target_keys) + ".");
    return false;
  }
  for (std::size_t at = 0; at < relation.keys.size(); ++at) {
    const auto* ours = use.model.field(relation.keys[at]);
    const auto* theirs = use.target.field(relation.target_keys[at]);
    if (ours == nullptr || theirs == nullptr || are_same_type(*ours, *theirs)) continue;
    // Generated keys are IDs, whatever the author made of `id`.
    if (is_generated_key(*ours) || is_generated_key(*theirs)) continue;
    draft.problem(use.directive.at, ours->name + " field is not of type " + type_word(*theirs),
                  "Give " + use.model.name + "." + ours->name + " and " + use.target.name + "." + theirs->name +
                      " the same type; otherwise they never are equal.");
    return false;
  }
  return true;
}

void add(Draft& draft, const RelationUse& use, RelationSchema relation, bool may_be_first = false) {
  if (check_parallel(draft, use, relation, may_be_first)) use.model.relations.push_back(std::move(relation));
}

/// The first of them; null when there is none.
const FieldDefinition* facing(const Draft& draft, const RelationUse& use,
                              std::initializer_list<std::string_view> directives) {
  const auto all = all_facing(draft, use, directives);
  return all.empty() ? nullptr : all.front();
}

/// The child's foreign keys of a has-many of `parent`: named, of an index, or generated.
std::vector<std::string> has_many_keys(const ModelSchema& parent, const ModelSchema& child,
                                       const FieldDefinition& field) {
  const auto& directive = *relation_directive(field);
  if (const Names references = texts_argument(directive, "references")) return *references;
  if (const auto name = text_argument(directive, "indexName")) {
    const auto* index = index_named(child, *name);
    return index == nullptr ? std::vector<std::string>{} : index->fields;
  }
  if (texts_argument(directive, "fields")) return child.primary_key;
  return key_names(parent, parent.name, field.name);
}

void read_has_many(Draft& draft, const RelationUse& use) {
  if (!use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@hasMany must be used with a list. Use @hasOne for non-list types.",
                         "Write the type as [" + use.target.name + "].");
  }
  auto relation = use.relation(RelationKind::has_many);
  relation.keys = use.model.primary_key;
  if (const Names references = texts_argument(use.directive, "references")) {
    if (!check_references(draft, use, use.target, *references)) return;
    relation.target_keys = *references;
    return use.model.relations.push_back(std::move(relation));
  }
  const Names fields = texts_argument(use.directive, "fields");
  if (fields) {
    if (!check_fields(draft, use, *fields)) return;
    relation.keys = *fields;
  }
  const auto index_name = text_argument(use.directive, "indexName");
  if (index_name && index_named(use.target, *index_name) == nullptr) {
    return draft.problem(
        use.directive.at, "Index " + *index_name + " does not exist for model " + use.target.name,
        "Add @index(name: \"" + *index_name + "\") to the foreign key field of " + use.target.name + ".");
  }
  relation.target_keys = has_many_keys(use.model, use.target, use.field);
  // A list that may not be null makes its records belong to one.
  if (!fields && !index_name) add_keys(use.target, use.model, relation.target_keys, use.field.type.is_non_null);
  add(draft, use, std::move(relation), true);
}

void read_has_one(Draft& draft, const RelationUse& use) {
  if (use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@hasOne cannot be used with lists. Use @hasMany instead.",
                         "Write @hasMany, or the type without brackets.");
  }
  auto relation = use.relation(RelationKind::has_one);
  if (const Names references = texts_argument(use.directive, "references")) {
    if (!check_references(draft, use, use.target, *references)) return;
    relation.keys = use.model.primary_key;
    relation.target_keys = *references;
    return use.model.relations.push_back(std::move(relation));
  }
  relation.target_keys = use.target.primary_key;
  if (const Names fields = texts_argument(use.directive, "fields")) {
    if (!check_fields(draft, use, *fields)) return;
    relation.keys = *fields;
  } else {
    relation.keys = key_names(use.target, use.model.name, use.field.name);
    add_keys(use.model, use.target, relation.keys, relation.is_required);
  }
  add(draft, use, std::move(relation));
}

/// Without arguments the keys are those of the facing relation, or our own when that is a has-one.
Names implicit_belongs_to_keys(Draft& draft, const RelationUse& use) {
  const auto* partner = facing(draft, use, {"hasMany", "hasOne"});
  const bool is_has_many = relation_directive(*partner)->name == "hasMany";
  auto names = is_has_many ? has_many_keys(use.target, use.model, *partner)
                           : key_names(use.target, use.model.name, use.field.name);
  names.resize(std::min(names.size(), use.target.primary_key.size()));
  const auto& deciding = is_has_many ? *partner : use.field;
  add_keys(use.model, use.target, names, deciding.type.is_non_null);
  return names;
}

void report_no_partner(Draft& draft, const RelationUse& use) {
  draft.problem(use.directive.at,
                use.target.name + " must have a relationship with " + use.model.name + " in order to use @belongsTo.",
                "Add a field with @hasMany or @hasOne to " + use.target.name + ", or write @hasOne here.");
}

void read_belongs_to(Draft& draft, const RelationUse& use) {
  if (use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@belongsTo cannot be used with lists.",
                         "Write @hasMany, or the type without brackets.");
  }
  auto relation = use.relation(RelationKind::belongs_to);
  relation.target_keys = use.target.primary_key;
  if (const Names references = texts_argument(use.directive, "references")) {
    if (!check_references(draft, use, use.model, *references)) return;
    relation.keys = *references;
    return use.model.relations.push_back(std::move(relation));
  }
  if (facing(draft, use, {"hasMany", "hasOne"}) == nullptr) return report_no_partner(draft, use);
  Names keys = texts_argument(use.directive, "fields");
  if (keys && !check_fields(draft, use, *keys)) return;
  if (!keys) keys = implicit_belongs_to_keys(draft, use);
  if (keys->empty()) return;  // The facing side names an index that does not exist, and was reported.
  relation.keys = std::move(*keys);
  add(draft, use, std::move(relation));
}

/// Records that each need the other first could never be synced.
void check_cycle(Draft& draft, const RelationUse& use) {
  if (!draft.options.has_conflict_detection || use.directive.name == "belongsTo" || &use.model == &use.target) return;
  if (facing(draft, use, {"hasOne", "hasMany"}) == nullptr) return;
  draft.problem(use.directive.at,
                use.model.name + " and " + use.target.name +
                    " cannot refer to each other via @hasOne or @hasMany when DataStore is in use. Use "
                    "@belongsTo instead.",
                "Write @belongsTo on one of the two sides.");
}

/// One text stands for a list of it, but where both models have rules, the published reader of these counts its
/// letters.
bool is_misread_by_rules(const Draft& draft, const RelationUse& use, const graphql::AstValue& fields) {
  const auto has_rules = [&](const ModelSchema& model) {
    const auto* written = draft.type(model.name);
    return written != nullptr && graphql::directive(written->directives, "auth") != nullptr;
  };
  return fields.kind == graphql::AstValue::Kind::string && has_rules(use.model) && has_rules(use.target) &&
         fields.text.size() != use.target.primary_key.size();
}

/// What is said of the arguments of every relation.
bool check_relation_arguments(Draft& draft, const RelationUse& use) {
  const auto& arguments = use.directive.arguments;
  for (const std::string name : {"fields", "references"}) {
    const auto* value = graphql::argument(arguments, name);
    if (value == nullptr || value->kind != graphql::AstValue::Kind::null) continue;
    draft.problem(value->at, "The " + name + " of @" + use.directive.name + " cannot be null.",
                  "Leave the argument out, or name the fields.");
    return false;
  }
  const auto* fields = graphql::argument(arguments, "fields");
  if (fields != nullptr && use.directive.name != "hasMany" && is_misread_by_rules(draft, use, *fields)) {
    draft.problem(fields->at,
                  "Invalid @" + use.directive.name + " on " + use.model.name + ":" + use.field.name +
                      ". Provided fields do not match the size of primary key(s) for " + use.target.name,
                  "Write a list: fields: [\"" + fields->text + "\"].");
    return false;
  }
  const bool has_override = graphql::argument(arguments, "overrideIndexName") != nullptr;
  if (!has_override || graphql::argument(arguments, "references") != nullptr) return true;
  draft.problem(use.directive.at, "overrideIndexName cannot be used on @belongsTo without references.",
                "Write references, or remove overrideIndexName.");
  return false;
}

void collect_join(Draft& draft, const RelationUse& use) {
  const auto relation_name = text_argument(use.directive, "relationName");
  if (!use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@manyToMany must be used with a list.",
                         "Write the type as [" + use.target.name + "].");
  }
  if (!relation_name) return;
  const auto name = join_name(*relation_name);
  if (!is_graphql_name(name)) {
    return draft.problem(use.directive.at,
                         "The relationName \"" + *relation_name + "\" of @manyToMany is no name for the model between.",
                         "Use letters, digits and _, starting with a letter.");
  }
  // Names that make the same model are the same name.
  auto found = std::find_if(draft.joins.begin(), draft.joins.end(),
                            [&](const auto& join) { return upper_first(join.first) == upper_first(name); });
  if (found == draft.joins.end()) found = draft.joins.insert(found, {name, {}});
  found->second.push_back({use.model.name, use.field.name, &use.field, &use.directive});
}

}  // namespace

std::vector<const FieldDefinition*> all_facing(const Draft& draft, const RelationUse& use,
                                               std::initializer_list<std::string_view> directives) {
  std::vector<const FieldDefinition*> all;
  for (const auto& field : draft.type(use.target.name)->fields) {
    const auto* directive = relation_directive(field);
    if (directive == nullptr || field.type.innermost() != use.model.name || &field == &use.field) continue;
    if (std::find(directives.begin(), directives.end(), directive->name) != directives.end()) all.push_back(&field);
  }
  return all;
}

void read_relations(Draft& draft) {
  draft.each_model([&](ModelSchema& model, const graphql::TypeDefinition& type) {
    for (const auto& field : type.fields) {
      const auto* directive = relation_directive(field);
      auto* target = draft.model(field.type.innermost());
      if (directive == nullptr || target == nullptr || directive->name == "connection") continue;
      const RelationUse use{model, *target, field, *directive};
      if (directive->name == "manyToMany") {
        collect_join(draft, use);
        continue;
      }
      check_cycle(draft, use);
      if (!check_relation_arguments(draft, use)) continue;
      if (directive->name == "hasMany") read_has_many(draft, use);
      if (directive->name == "hasOne") read_has_one(draft, use);
      if (directive->name == "belongsTo") read_belongs_to(draft, use);
    }
  });
}

}  // namespace holdfast::schema
