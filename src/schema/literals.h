// Values written in a schema against the types of the places they are written in.
#pragma once

#include "schema/draft.h"

namespace holdfast::schema {

/// Reports what is wrong with `value` where a `type` of the directives' arguments is wanted, as graphql-js says it.
void check_literal(Draft& draft, const graphql::TypeRef& type, const graphql::AstValue& value);

}  // namespace holdfast::schema
