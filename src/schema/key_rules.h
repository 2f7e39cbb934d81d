// What the fields of keys and indexes must be.
#pragma once

#include <string>
#include <vector>

#include "schema/draft.h"

namespace holdfast::schema {

/// A key as it was written, before its fields are looked up.
struct KeyUse {
  std::string word;       ///< "the primary key", "index 'byX'": for messages.
  std::string sort_word;  ///< "the primary key's sort key", "the sort key of index 'byX'".
  std::string directive;  ///< Without @.
  graphql::Location at = {};
  std::vector<std::string> fields = {};
};

bool is_key_type(const FieldSchema& field) noexcept;  ///< One scalar or enum value.

/// All fields exist, are single scalars or enums with an order, and appear once.
bool check_key(Draft& draft, const ModelSchema& model, const KeyUse& use);

/// @index(projection: ...): a part of the record must say which part.
void check_projection(Draft& draft, const graphql::Directive& index, const std::string& index_name);

/// The service keeps an index with the partition key of the table inside the table, where it needs its sort key.
void check_same_partition(Draft& draft, const ModelSchema& model, const graphql::TypeDefinition& type);

}  // namespace holdfast::schema
