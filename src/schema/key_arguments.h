// The arguments by which queries narrow a key.
#pragma once

#include <string>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::schema {

/// Of one sort field its name; of several `rowPlace`. `fields` is not empty.
std::string sort_argument_name(const std::vector<std::string>& fields);

/// What a has_many relation can be narrowed by: what the index or the primary key that it names has after the
/// relation's own fields.
struct RelationSortKey {
  std::vector<std::string> fields = {};  ///< Empty when there is nothing.
  std::string key = {};                  ///< "Primary", or the index's name; empty for a sortField of its own.
};
/// `directive`: @hasMany, or the older @connection, on the relation's field.
RelationSortKey relation_sort_key(const ModelSchema& target, const RelationSchema& relation,
                                  const graphql::Directive& directive);

}  // namespace holdfast::schema
