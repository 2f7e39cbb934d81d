#include "schema/key_arguments.h"

#include <algorithm>
#include <array>

#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

constexpr std::array<std::string_view, 4> fixed_arguments{"filter", "limit", "nextToken", "sortDirection"};

std::vector<std::string> without_first(const std::vector<std::string>& names, std::size_t count) {
  return {names.begin() + static_cast<std::ptrdiff_t>(std::min(count, names.size())), names.end()};
}

/// A query whose arguments stand for fields of `model`'s key.
struct KeyQuery {
  const ModelSchema& model;
  std::string name = {};
  std::string remedy = {};  ///< Besides renaming the field.
};

void check_argument(Draft& draft, const KeyQuery& query, const std::string& argument, const std::string& field) {
  if (std::find(fixed_arguments.begin(), fixed_arguments.end(), argument) == fixed_arguments.end()) return;
  const auto* type = draft.type(query.model.name);
  const auto* written = type->field(field);
  draft.problem(written != nullptr ? written->at : type->at,
                query.name + " would have two arguments \"" + argument + "\": every list has one, and the key of " +
                    query.model.name + " gives it another.",
                "Rename the field \"" + field + "\", or " + query.remedy);
}

void check_query(Draft& draft, const KeyQuery& query, const std::vector<std::string>& fields) {
  check_argument(draft, query, fields.front(), fields.front());
  const auto sort = without_first(fields, 1);
  if (!sort.empty()) check_argument(draft, query, sort_argument_name(sort), sort.front());
}

void check_relation(Draft& draft, const ModelSchema& model, const graphql::TypeDefinition& type,
                    const RelationSchema& relation) {
  const auto* field = type.field(relation.name);
  const auto* directive = field == nullptr ? nullptr : relation_directive(*field);
  const bool has_sort_key = directive != nullptr && (directive->name == "hasMany" || directive->name == "connection");
  const auto* target = draft.model(relation.target);
  if (relation.kind != RelationKind::has_many || !has_sort_key || target == nullptr) return;
  const auto sort = relation_sort_key(*target, relation, *directive).fields;
  if (sort.empty()) return;
  const KeyQuery query{*target, model.name + "." + relation.name, "relate by a key that does not sort by it."};
  check_argument(draft, query, sort_argument_name(sort), sort.front());
}

}  // namespace

std::string sort_argument_name(const std::vector<std::string>& fields) {
  return fields.size() == 1 ? fields.front() : camel(fields);
}

RelationSortKey relation_sort_key(const ModelSchema& target, const RelationSchema& relation,
                                  const graphql::Directive& directive) {
  const auto count = relation.target_keys.size();
  const auto says = [&](const char* word) { return graphql::argument(directive.arguments, word); };
  for (const char* word : {"indexName", "keyName"}) {
    const auto* name = says(word);
    const auto* index = name == nullptr ? nullptr : index_named(target, name->text);
    if (index != nullptr) return {without_first(index->fields, count), index->name};
  }
  const auto* field = says("sortField");
  const bool is_named = says("name") != nullptr && says("keyField") != nullptr;
  if (field != nullptr && is_named && target.field(field->text) != nullptr) return {{field->text}, ""};
  if (!target.has_custom_primary_key) return {};
  if (says("fields") != nullptr) return {without_first(target.primary_key, count), "Primary"};
  const bool is_implicit = directive.name == "hasMany" && says("references") == nullptr;
  if (!is_implicit) return {};
  return {without_first(target.primary_key, 1), "Primary"};
}

void check_key_arguments(Draft& draft) {
  draft.each_model([&](const ModelSchema& model, const graphql::TypeDefinition& type) {
    const auto& list = model.operations.list;
    if (model.has_custom_primary_key && !list.empty()) {
      check_query(draft, {model, "Query." + list, "leave the query out: @model(queries: { list: null })."},
                  model.primary_key);
    }
    for (const auto& index : model.indexes) {
      if (!index.query_field) continue;
      check_query(draft, {model, "Query." + *index.query_field, "leave the query out: queryField: null."},
                  index.fields);
    }
    for (const auto& relation : model.relations) check_relation(draft, model, type, relation);
  });
}

}  // namespace holdfast::schema
