// Relations of the current dialect: @hasOne, @hasMany, @belongsTo; sides of @manyToMany are collected.
#include <algorithm>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::FieldDefinition;

/// A relation field of `model` as it was written.
struct RelationUse {
  ModelSchema& model;
  ModelSchema& target;
  const FieldDefinition& field;
  const Directive& directive;

  [[nodiscard]] std::string place() const { return model.name + "." + field.name; }
  [[nodiscard]] RelationSchema relation(RelationKind kind) const {
    return {.name = field.name,
            .kind = kind,
            .target = target.name,
            .is_required = field.type.is_non_null,
            .description = field.description};
  }
};

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

bool check_names(Draft& draft, const RelationUse& use, const ModelSchema& owner, const std::vector<std::string>& names) {
  if (names.empty()) {
    draft.problem(use.directive.at, "No fields passed to @" + use.directive.name + " directive.",
                  "Name the key fields, or leave the argument out.");
    return false;
  }
  for (const auto& name : names) {
    if (owner.field(name) != nullptr) continue;
    draft.problem(use.directive.at, name + " is not a field in " + owner.name,
                  "Add `" + name + ": ID` to " + owner.name + ", or name a field that it has.");
    return false;
  }
  return true;
}

/// Parallel keys must be as many and of the same types; a shorter list of ours matches the front of theirs when
/// `may_be_prefix`.
bool check_parallel(Draft& draft, const RelationUse& use, RelationSchema& relation, bool may_be_prefix) {
  if (may_be_prefix && relation.keys.size() < relation.target_keys.size()) {
    relation.target_keys.resize(relation.keys.size());
  }
  if (relation.keys.size() != relation.target_keys.size()) {
    draft.problem(use.directive.at,
                  "Invalid @" + use.directive.name + " directive on " + use.place() + ": " +
                      std::to_string(relation.keys.size()) + " fields cannot match the " +
                      std::to_string(relation.target_keys.size()) + " key fields of " + use.target.name + ".",
                  "Name one field for each of " + listed(relation.target_keys) + ".");
    return false;
  }
  for (std::size_t at = 0; at < relation.keys.size(); ++at) {
    const auto* ours = use.model.field(relation.keys[at]);
    const auto* theirs = use.target.field(relation.target_keys[at]);
    if (ours == nullptr || theirs == nullptr || are_same_kind(*ours, *theirs)) continue;
    draft.problem(use.directive.at,
                  use.model.name + "." + ours->name + " and " + use.target.name + "." + theirs->name +
                      " are of different types, so that they never are equal.",
                  "Give both the same type.");
    return false;
  }
  return true;
}

void add(Draft& draft, const RelationUse& use, RelationSchema relation, bool may_be_prefix = false) {
  if (check_parallel(draft, use, relation, may_be_prefix)) use.model.relations.push_back(std::move(relation));
}

/// A field of the target that relates back to us; null when there is none.
const FieldDefinition* facing(const Draft& draft, const RelationUse& use,
                              std::initializer_list<std::string_view> directives) {
  const auto* type = draft.type(use.target.name);
  for (const auto& field : type->fields) {
    const auto* directive = relation_directive(field);
    if (directive == nullptr || field.type.innermost() != use.model.name || &field == &use.field) continue;
    if (std::find(directives.begin(), directives.end(), directive->name) != directives.end()) return &field;
  }
  return nullptr;
}

/// `references` name foreign keys on the side that belongs; both sides must list the same.
bool check_references(Draft& draft, const RelationUse& use, const ModelSchema& child,
                      const std::vector<std::string>& names) {
  if (!check_names(draft, use, child, names)) return false;
  if (graphql::argument(use.directive.arguments, "fields") != nullptr) {
    draft.problem(use.directive.at,
                  "Something went wrong: cannot have both references and fields on " + use.place() + ".",
                  "Keep one of the two arguments.");
    return false;
  }
  if (use.field.type.is_non_null) {
    const auto& type = use.field.type;
    const auto written = type.text();
    draft.problem(use.field.at,
                  "@" + use.directive.name + " fields must not be required. Change '" + use.place() + ": " + written +
                      "' to '" + use.place() + ": " + written.substr(0, written.size() - 1) + "'",
                  "Remove the ! behind the type.");
    return false;
  }
  const auto* partner =
      use.directive.name == "belongsTo" ? facing(draft, use, {"hasMany", "hasOne"}) : facing(draft, use, {"belongsTo"});
  if (partner != nullptr && graphql::argument(relation_directive(*partner)->arguments, "references") != nullptr)
    return true;
  draft.problem(use.directive.at,
                "Uni-directional relationships are not supported. Add a @" +
                    std::string(use.directive.name == "belongsTo" ? "hasOne or @hasMany" : "belongsTo") + " field in " +
                    use.target.name + " to match the @" + use.directive.name + " field " + use.place() + ".",
                "Write the same references on both sides.");
  return false;
}

/// The child's foreign keys of a has-many of `parent`: named, of an index, or generated.
std::vector<std::string> has_many_keys(Draft& draft, const ModelSchema& parent, const ModelSchema& child,
                                       const FieldDefinition& field) {
  const auto& directive = *relation_directive(field);
  if (const Names references = texts_argument(draft, directive, "references")) return *references;
  if (const auto name = text_argument(draft, directive, "indexName")) {
    const auto* index = index_named(child, *name);
    return index == nullptr ? std::vector<std::string>{} : index->fields;
  }
  if (texts_argument(draft, directive, "fields")) return child.primary_key;
  return key_names(parent, parent.name, field.name);
}

void read_has_many(Draft& draft, const RelationUse& use) {
  if (!use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@hasMany must be used with a list. Use @hasOne for non-list types.",
                         "Write the type as [" + use.target.name + "].");
  }
  auto relation = use.relation(RelationKind::has_many);
  relation.keys = use.model.primary_key;
  if (const Names references = texts_argument(draft, use.directive, "references")) {
    if (!check_references(draft, use, use.target, *references)) return;
    relation.target_keys = *references;
    return add(draft, use, std::move(relation));
  }
  const Names fields = texts_argument(draft, use.directive, "fields");
  if (fields) {
    if (!check_names(draft, use, use.model, *fields)) return;
    relation.keys = *fields;
  }
  const auto index_name = text_argument(draft, use.directive, "indexName");
  if (index_name && index_named(use.target, *index_name) == nullptr) {
    return draft.problem(
        use.directive.at, "Index " + *index_name + " does not exist for model " + use.target.name,
        "Add @index(name: \"" + *index_name + "\") to the foreign key field of " + use.target.name + ".");
  }
  relation.target_keys = has_many_keys(draft, use.model, use.target, use.field);
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
  if (const Names references = texts_argument(draft, use.directive, "references")) {
    if (!check_references(draft, use, use.target, *references)) return;
    relation.keys = use.model.primary_key;
    relation.target_keys = *references;
    return add(draft, use, std::move(relation));
  }
  relation.target_keys = use.target.primary_key;
  if (const Names fields = texts_argument(draft, use.directive, "fields")) {
    if (!check_names(draft, use, use.model, *fields)) return;
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
  if (partner == nullptr) {
    draft.problem(use.directive.at,
                  use.model.name + " must have a relationship with " + use.target.name + " in order to use @belongsTo.",
                  "Add a field with @hasMany or @hasOne to " + use.target.name + ", or write @hasOne here.");
    return std::nullopt;
  }
  const bool is_has_many = relation_directive(*partner)->name == "hasMany";
  auto names = is_has_many ? has_many_keys(draft, use.target, use.model, *partner)
                           : key_names(use.target, use.model.name, use.field.name);
  names.resize(std::min(names.size(), use.target.primary_key.size()));
  const auto& deciding = is_has_many ? *partner : use.field;
  add_keys(use.model, use.target, names, deciding.type.is_non_null);
  return names;
}

void read_belongs_to(Draft& draft, const RelationUse& use) {
  if (use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@belongsTo cannot be used with lists.",
                         "Write @hasMany, or the type without brackets.");
  }
  auto relation = use.relation(RelationKind::belongs_to);
  relation.target_keys = use.target.primary_key;
  Names keys = texts_argument(draft, use.directive, "references");
  if (keys) {
    if (!check_references(draft, use, use.model, *keys)) return;
  } else if ((keys = texts_argument(draft, use.directive, "fields"))) {
    if (!check_names(draft, use, use.model, *keys)) return;
  } else {
    keys = implicit_belongs_to_keys(draft, use);
    if (!keys) return;
  }
  relation.keys = std::move(*keys);
  add(draft, use, std::move(relation));
}

/// Records that each need the other first could never be synced.
void check_cycle(Draft& draft, const RelationUse& use) {
  if (!draft.options.has_conflict_detection) return;
  if (use.directive.name == "belongsTo" || &use.model == &use.target) return;
  if (facing(draft, use, {"hasOne", "hasMany"}) == nullptr) return;
  draft.problem(use.directive.at,
                use.model.name + " and " + use.target.name +
                    " cannot refer to each other via @hasOne or @hasMany when DataStore is in use. Use "
                    "@belongsTo instead.",
                "Write @belongsTo on one of the two sides.");
}

void collect_join(Draft& draft, const RelationUse& use) {
  const auto name = text_argument(draft, use.directive, "relationName").value_or("");
  if (!use.field.type.is_list()) {
    return draft.problem(use.directive.at, "@manyToMany must be used with a list.",
                         "Write the type as [" + use.target.name + "].");
  }
  if (name.empty()) {
    return draft.problem(use.directive.at, "@manyToMany on " + use.place() + " has no relationName.",
                         "Give both sides the same relationName.");
  }
  auto found =
      std::find_if(draft.joins.begin(), draft.joins.end(), [&](const auto& join) { return join.first == name; });
  if (found == draft.joins.end()) found = draft.joins.insert(found, {name, {}});
  found->second.push_back({use.model.name, use.field.name, &use.field, &use.directive});
}

}  // namespace

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
      if (directive->name == "hasMany") read_has_many(draft, use);
      if (directive->name == "hasOne") read_has_one(draft, use);
      if (directive->name == "belongsTo") read_belongs_to(draft, use);
    }
  });
}

}  // namespace holdfast::schema
