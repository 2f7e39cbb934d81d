// @manyToMany: clients see a model between the two, and each side has many of that one.
#include <algorithm>
#include <utility>

#include "codegen/change_case.h"
#include "codegen/metadata_draft.h"
#include "schema/names.h"

namespace holdfast::codegen {
namespace {

/// One use of the directive; names, because models move while joins are made.
struct Side {
  std::string model;
  std::string field;
};

struct Join {
  std::string name;
  std::vector<Side> sides;
};

std::string join_name(const Annotation& directive) {
  const auto* written = directive.arguments.at("relationName").as_string();
  std::string name = written == nullptr ? std::string() : schema::upper_first(*written);
  std::erase_if(name, [](char c) { return !schema::is_graphql_name(std::string("_") + c); });
  return name;
}

std::vector<Join> joins_of(const Metadata& made) {
  std::vector<Join> joins;
  for (const auto& model : made.models) {
    for (const auto& field : model.fields) {
      const auto* directive = annotation(field.annotations, "manyToMany");
      if (directive == nullptr) continue;
      const auto name = join_name(*directive);
      const auto known = std::find_if(joins.begin(), joins.end(), [&](const Join& join) { return join.name == name; });
      auto& join = known == joins.end() ? joins.emplace_back(Join{name, {}}) : *known;
      join.sides.push_back({model.name, field.name});
    }
  }
  return joins;
}

/// postId; sort keys keep their small initial: studentyear.
std::vector<std::string> key_names(const MetadataType& side) {
  std::vector<std::string> names;
  for (const auto& key : side.identifier->fields) {
    names.push_back(names.empty() ? schema::camel({side.name, key}) : schema::lower_first(side.name) + key);
  }
  return names;
}

/// The first key is an ID whatever it refers to, and none is required: so the published generator has it.
void add_keys(MetadataType& join, const MetadataType& side) {
  const auto names = key_names(side);
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto* key = side.field(side.identifier->fields[at]);
    const bool is_sort_key = at > 0 && key != nullptr;
    MetadataField field{.name = names[at], .type = is_sort_key ? key->type : "ID"};
    if (at == 0) {
      Annotation index{.name = "index", .arguments = {{"name", "by" + side.name}}};
      index.arguments.append("sortKeyFields", value_of({names.begin() + 1, names.end()}));
      field.annotations.push_back(std::move(index));
    }
    join.fields.push_back(std::move(field));
  }
}

void add_owner(MetadataType& join, const MetadataType& side) {
  MetadataField field{.name = camel_case(side.name), .type = side.name, .is_required = true};
  field.annotations.push_back({.name = "belongsTo", .arguments = {{"fields", value_of(key_names(side))}}});
  join.fields.push_back(std::move(field));
}

/// Rules of both sides, each once.
void add_rules(MetadataType& join, const MetadataType& side) {
  for (const auto& one : side.annotations) {
    const bool is_there = std::any_of(join.annotations.begin(), join.annotations.end(), [&](const Annotation& other) {
      return other.name == "auth" && other.arguments == one.arguments;
    });
    if (one.name == "auth" && !is_there) join.annotations.push_back(one);
  }
}

MetadataType join_model(const std::string& name, const MetadataType& first, const MetadataType& second) {
  MetadataType join{.name = name, .annotations = {{.name = "model"}}, .identifier = Identifier{}};
  join.fields.push_back({.name = "id", .type = "ID", .is_required = true});
  add_keys(join, first);
  add_keys(join, second);
  add_owner(join, first);
  add_owner(join, second);
  add_rules(join, first);
  add_rules(join, second);
  add_key_attributes(join);
  add_timestamps(join);
  return join;
}

/// The side's field becomes a has-many of the model between.
void turn_into_has_many(MetadataType& side, const std::string& field_name, const std::string& join) {
  auto& field = *side.field(field_name);
  std::erase_if(field.annotations, [](const Annotation& one) { return one.name == "manyToMany"; });
  field.type = join;
  Annotation many{.name = "hasMany", .arguments = {{"indexName", "by" + side.name}}};
  many.arguments.append("fields", value_of(side.identifier->fields));
  field.annotations.push_back(std::move(many));
}

}  // namespace

void make_joins(MetadataDraft& draft) {
  for (const auto& join : joins_of(draft.made)) {
    // The transformer has checked that there are two.
    if (join.sides.size() != 2) continue;
    auto& first = *draft.made.model(join.sides[0].model);
    auto& second = *draft.made.model(join.sides[1].model);
    auto made = join_model(join.name, first, second);
    turn_into_has_many(first, join.sides[0].field, join.name);
    turn_into_has_many(second, join.sides[1].field, join.name);
    draft.made.models.push_back(std::move(made));
  }
}

}  // namespace holdfast::codegen
