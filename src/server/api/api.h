// The GraphQL API of a schema: types, inputs, filters, operations (spec/transformer.md §1–3, §12).
#pragma once

#include <string>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::server {

/// Whether records carry versions: conflict strategies automerge and optimistic do, none does not.
struct ApiOptions {
  bool is_versioned = true;
};

/// The complete API as a type-system document: what introspection shows and requests are validated against.
graphql::SchemaDocument api_document(const Schema& schema, const ApiOptions& options);

}  // namespace holdfast::server
