// What every API of the service has without saying so: its scalars and directives.
#pragma once

#include "graphql/ast.h"

namespace holdfast::api {

/// The scalars and directives of AppSync that `document` refers to or may refer to: documents leave them out, a type
/// system needs them. Scalars that the document defines itself are not added again.
graphql::SchemaDocument with_service_types(graphql::SchemaDocument document);

}  // namespace holdfast::api
