// Whether a document asks for more than is allowed, told from the document alone.
#pragma once

#include <cstddef>
#include <optional>

#include "graphql/ast.h"
#include "graphql/validate.h"
#include "server/limits.h"

namespace holdfast::server {

/// The first limit that a parsed document breaks; none when it keeps all of them. Linear in the document's size,
/// however much its fragments unfold to.
std::optional<graphql::RequestError> beyond_limits(const graphql::Document& document, const RequestLimits& limits);

/// What a parsed document takes in memory, about.
std::size_t weight_of(const graphql::Document& document);

}  // namespace holdfast::server
