// Primary keys and indexes: @primaryKey and @index, or the older @key.
#include <algorithm>

#include "schema/draft.h"
#include "schema/key_rules.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::Location;

constexpr std::size_t index_name_min = 3;
constexpr std::size_t index_name_max = 255;

std::string key_word(const KeyUse& use) { return use.directive == "key" ? "@key" : "key"; }

void set_primary_key(Draft& draft, ModelSchema& model, const KeyUse& use) {
  if (model.has_custom_primary_key) {
    return draft.problem(use.at, "You may only supply one primary " + key_word(use) + " on type '" + model.name + "'.",
                         "Put further fields into the sort key of the first.");
  }
  model.has_custom_primary_key = true;
  if (!check_key(draft, model, use)) return;
  const bool has_nullable = std::any_of(use.fields.begin(), use.fields.end(),
                                        [&](const std::string& name) { return !model.field(name)->is_required; });
  if (has_nullable) {
    return draft.problem(
        use.at, "The primary " + key_word(use) + " on type '" + model.name + "' must reference non-null fields.",
        "Write ! behind the types of " + listed(use.fields) + ".");
  }
  model.primary_key = use.fields;
}

bool is_index_name(std::string_view name) noexcept {
  return name.size() >= index_name_min && name.size() <= index_name_max &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

void add_index(Draft& draft, ModelSchema& model, const Location& at, IndexSchema index) {
  // The older dialect left the check to the database.
  if (draft.dialect == Dialect::v2 && !is_index_name(index.name)) {
    return draft.problem(at,
                         "The indexName is invalid. It should be between 3 and 255 characters. Only A-Z, a-z, 0-9, "
                         "underscore characters, hyphens, and periods allowed.",
                         "Rename the index, for example \"byOwner\".");
  }
  if (index.query_field && !is_graphql_name(*index.query_field)) {
    return draft.problem(at, "The queryField of index '" + index.name + "' is no name that GraphQL takes.",
                         "Use letters, digits and _.");
  }
  if (index_named(model, index.name) != nullptr) {
    return draft.problem(at,
                         "You may only supply one " + std::string(index.is_partition_nullable ? "@key" : "@index") +
                             " with the name '" + index.name + "' on type '" + model.name + "'.",
                         "Rename one of the two.");
  }
  const auto word = "index '" + index.name + "'";
  const std::string directive = index.is_partition_nullable ? "key" : "index";
  if (!check_key(draft, model, {word, "the sort key of " + word, directive, at, index.fields})) return;
  model.indexes.push_back(std::move(index));
}

/// todosByOwner, messagesByThreadIDAndSentAt: the query of an index that names none.
std::string default_query(const ModelSchema& model, const std::vector<std::string>& fields) {
  std::string name = lower_first(model.plural_name) + "By";
  for (std::size_t at = 0; at < fields.size(); ++at) name += (at > 0 ? "And" : "") + upper_first(fields[at]);
  return name;
}

KeyUse primary_key_use(const Directive& directive, std::vector<std::string> fields) {
  return {"the primary key", "the primary key's sort key", directive.name, directive.at, std::move(fields)};
}

std::vector<std::string> with_sort_fields(const std::string& partition, const Directive& directive) {
  std::vector<std::string> fields{partition};
  const auto sort = texts_argument(directive, "sortKeyFields").value_or(std::vector<std::string>{});
  fields.insert(fields.end(), sort.begin(), sort.end());
  return fields;
}

void read_index(Draft& draft, ModelSchema& model, const std::string& field, const Directive& directive) {
  IndexSchema index{.fields = with_sort_fields(field, directive)};
  const auto fallback = default_query(model, index.fields);
  if (is_null_argument(directive, "name")) {
    return draft.problem(directive.at, "Explicit null value not allowed for name field on @index",
                         "Leave it out, or give a name.");
  }
  index.name = text_argument(directive, "name").value_or("");
  if (index.name.empty()) index.name = fallback;
  if (!is_null_argument(directive, "queryField")) {
    index.query_field = text_argument(directive, "queryField").value_or(fallback);
    if (index.query_field->empty()) index.query_field.reset();
  }
  check_projection(draft, directive, index.name);
  add_index(draft, model, directive.at, std::move(index));
}

void read_field_keys(Draft& draft, ModelSchema& model, const graphql::FieldDefinition& field) {
  for (const auto& directive : field.directives) {
    if (directive.name == "primaryKey") {
      set_primary_key(draft, model, primary_key_use(directive, with_sort_fields(field.name, directive)));
    } else if (directive.name == "index") {
      read_index(draft, model, field.name, directive);
    }
  }
}

/// @key(name: ..., fields: [partition, sort...], queryField: ...); without a name it is the primary key.
void read_v1_key(Draft& draft, ModelSchema& model, const Directive& directive) {
  const auto name = text_argument(directive, "name");
  const auto fields = texts_argument(directive, "fields");
  if (!fields || fields->empty()) {
    return draft.problem(directive.at, "@key on type '" + model.name + "' names no fields.", "Add fields: [\"...\"].");
  }
  for (const auto& field : *fields) {
    if (draft.type(model.name)->field(field) != nullptr) continue;
    return draft.problem(directive.at,
                         "You cannot specify a nonexistent field '" + field + "' in @key '" +
                             name.value_or("<unnamed>") + "' on type '" + model.name + "'.",
                         "Name a stored field of " + model.name + ".");
  }
  if (!name) {
    if (graphql::argument(directive.arguments, "queryField") != nullptr) {
      draft.problem(directive.at, "You cannot pass 'queryField' to the primary @key on type '" + model.name + "'.",
                    "Remove it: get and list read by the primary key.");
    }
    return set_primary_key(draft, model, primary_key_use(directive, *fields));
  }
  IndexSchema index{.name = *name, .fields = *fields, .is_partition_nullable = true};
  index.query_field = text_argument(directive, "queryField");
  add_index(draft, model, directive.at, std::move(index));
}

void use_id(Draft& draft, ModelSchema& model, const graphql::TypeDefinition& type) {
  const auto id = std::find_if(model.fields.begin(), model.fields.end(),
                               [](const FieldSchema& field) { return field.name == "id"; });
  model.primary_key = {"id"};
  if (id == model.fields.end()) return;
  const auto* written = type.field("id");
  if (!is_key_type(*id)) {
    draft.problem(written == nullptr ? type.at : written->at,
                  "The primary key on type '" + model.name + ".id' cannot be a non-scalar.", "Write `id: ID!`.");
  }
  id->is_required = true;
}

}  // namespace

void read_keys(Draft& draft) {
  draft.each_model([&](ModelSchema& model, const graphql::TypeDefinition& type) {
    use_id(draft, model, type);
    for (const auto& field : type.fields) read_field_keys(draft, model, field);
    for (const auto& directive : type.directives) {
      if (directive.name == "key") read_v1_key(draft, model, directive);
    }
    check_same_partition(draft, model, type);
  });
}

}  // namespace holdfast::schema
