// Page limits: what `limit` of a relation's directive says about pages that nobody asks a size for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graphql/ast.h"

namespace holdfast::schema {

struct PageLimit {
  std::string type = {};
  std::string field = {};   ///< Of a @hasMany, a @manyToMany or an older @connection.
  std::uint32_t rows = 0;   ///< 1 or more.
  friend bool operator==(const PageLimit&, const PageLimit&) = default;
};

/// In the order of the document, which is sound: of Written. One below 1 says nothing, and is left out.
std::vector<PageLimit> page_limits(const graphql::SchemaDocument& document);

}  // namespace holdfast::schema
