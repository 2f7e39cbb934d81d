// The rules of AppSync's templates on arguments that name a key or its order (graphql-transformer-common).
#pragma once

#include <optional>

#include "server/resolve/request.h"

namespace holdfast::server {

/// What is wrong with the arguments of a list, an index query or a connection: a sort key or a direction without the
/// partition that it is the order of, or a field of a composite sort key without the one before it. Type
/// InvalidArgumentsError, in AppSync's words.
std::optional<graphql::FieldError> unfit_key_arguments(const Asked& asked);

}  // namespace holdfast::server
