// The argument by which a query narrows the sort key of a primary key or an index.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/basis.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::api {

/// One sort field: `rating: ModelIntKeyConditionInput`. Several: `rowPlace:
/// ModelSeatPrimaryCompositeKeyConditionInput`, whose members hold one value a field.
struct SortKeyArgument {
  std::string name;
  std::string type;
  std::vector<std::string> fields;

  [[nodiscard]] bool is_composite() const noexcept { return fields.size() > 1; }
};

/// `fields`: the sort fields, empty for none. `key`: "Primary", or the index's name.
std::optional<SortKeyArgument> sort_key_argument(const ModelSchema& model, std::vector<std::string> fields,
                                                 std::string_view key);
/// Of the primary key; only models with a key of their own have one.
std::optional<SortKeyArgument> primary_sort_key(const ModelSchema& model);
std::optional<SortKeyArgument> index_sort_key(const ModelSchema& model, const IndexSchema& index);
/// Of a has_many relation: what the index or the primary key that it names has after the relation's own fields.
std::optional<SortKeyArgument> relation_sort_key(const Basis& basis, const ModelSchema& model,
                                                 const RelationSchema& relation);

/// What a reader of the API alone can take the argument of a has_many relation for: one for each key of `target` that
/// begins with the relation's fields. The API's field tells which one it is, if any.
std::vector<SortKeyArgument> possible_sort_keys(const ModelSchema& target, const RelationSchema& relation);
/// "ID", "Int" ...: what names a record. The generated key is an ID, whatever the author made of `id`.
std::string key_type(const ModelSchema& model, const std::string& key);

/// The input types that `argument` refers to.
std::vector<graphql::TypeDefinition> sort_key_types(const ModelSchema& model, const SortKeyArgument& argument);

}  // namespace holdfast::api
