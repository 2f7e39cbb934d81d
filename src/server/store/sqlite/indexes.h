// The indexes that the schema asks for: of `records`, over fields of the image, one for each of indexes_of().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/store/index.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// The field as an SQL expression: the same text in the index and in a query, or SQLite does not see that they meet.
std::string field_expression(std::string_view field);
/// "by.Post.blogID.title", in quotes for SQL.
std::string index_name(const ModelSchema& model, const IndexFields& fields);

/// Makes what the schema has and the file has not, and drops what only the file has. Codes: storage_failed, disk_full,
/// corrupt.
Result<void> prepare_indexes(sqlite::Connection& connection, const Schema& schema);

}  // namespace holdfast::server
