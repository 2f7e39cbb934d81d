// @manyToMany: a model of its own between the two sides.
#include <algorithm>

#include "schema/draft.h"
#include "schema/names.h"
#include "schema/schema_reader.h"

namespace holdfast::schema {
namespace {

/// postId, and the sort keys behind it as the published transformer spells them: studentyear.
std::vector<std::string> key_names(const ModelSchema& side) {
  std::vector<std::string> names;
  for (const auto& key : side.primary_key) {
    names.push_back(lower_first(side.name) + (names.empty() ? upper_first(key) : key));
  }
  return names;
}

void add_side(ModelSchema& join, const ModelSchema& side) {
  const auto names = key_names(side);
  std::string query = lower_first(join.plural_name) + "By";
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto* key = side.field(side.primary_key[at]);
    if (key != nullptr) add_foreign_key(join, foreign_key(names[at], *key, true));
    query += (at > 0 ? "And" : "") + upper_first(names[at]);
  }
  join.indexes.push_back({.name = "by" + side.name, .fields = names, .query_field = query});
  join.relations.push_back({.name = lower_first(side.name),
                            .kind = RelationKind::belongs_to,
                            .target = side.name,
                            .keys = names,
                            .target_keys = side.primary_key,
                            .is_required = true});
}

/// The relation stands where its field was written.
void add_relation(Draft& draft, const JoinSide& side, const std::string& join) {
  auto& model = *draft.model(side.model);
  const auto& fields = draft.type(side.model)->fields;
  const auto place = [&](const std::string& name) {
    return std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  };
  const auto before = std::find_if(model.relations.begin(), model.relations.end(), [&](const RelationSchema& relation) {
    return place(relation.name) > place(side.field);
  });
  model.relations.insert(before, {.name = side.field,
                                  .kind = RelationKind::has_many,
                                  .target = join,
                                  .keys = model.primary_key,
                                  .target_keys = key_names(model),
                                  .description = side.written->description});
}

/// Each side lists the other.
bool check_sides(Draft& draft, const std::string& name, const JoinSide& side, const JoinSide& other) {
  const auto& target = side.written->type.innermost();
  if (target == other.model) return true;
  draft.problem(side.directive->at,
                "@manyToMany relation '" + name + "' expects '" + target + "' but got '" + other.model + "'.",
                "Write the type as [" + other.model + "], or another relationName.");
  return false;
}

bool check_join(Draft& draft, const std::string& name, const std::vector<JoinSide>& sides) {
  const auto& at = sides.back().directive->at;
  if (sides.size() != 2) {
    draft.problem(at, "@manyToMany relation '" + name + "' must be used in exactly two locations.",
                  "Write it on one list of each of the two models.");
    return false;
  }
  if (sides[0].model == sides[1].model) {
    draft.problem(at, "@manyToMany relation '" + name + "' relates " + sides[0].model + " to itself.",
                  "Write a model between, with two @belongsTo.");
    return false;
  }
  if (draft.type(name) != nullptr || draft.model(name) != nullptr) {
    draft.problem(at,
                  "@manyToMany relation name '" + name + "' (derived from '" +
                      text_argument(*sides[0].directive, "relationName").value_or(name) +
                      "') already exists as a type in the schema.",
                  "Choose another relationName.");
    return false;
  }
  return check_sides(draft, name, sides[0], sides[1]) && check_sides(draft, name, sides[1], sides[0]);
}

}  // namespace

std::string join_name(std::string_view relation_name) {
  std::string name;
  for (const char c : upper_first(relation_name)) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (is_kept) name += c;
  }
  return name;
}

void make_join_models(Draft& draft) {
  for (const auto& [name, sides] : draft.joins) {
    if (!check_join(draft, name, sides)) continue;
    ModelSchema join{.name = name, .plural_name = plural(name), .primary_key = {"id"}, .is_join = true};
    join.fields.push_back({.name = "id", .scalar = Scalar::id, .is_required = true, .is_implied = true});
    for (const auto& side : sides) {
      add_side(join, *draft.model(side.model));
      add_relation(draft, side, name);
    }
    draft.schema.models.push_back(std::move(join));
  }
}

}  // namespace holdfast::schema
