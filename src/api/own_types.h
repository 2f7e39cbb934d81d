// The types and fields of the author's own: enums, inputs, object types without @model, custom operations.
#pragma once

#include <string_view>
#include <vector>

#include "api/basis.h"
#include "api/definitions.h"
#include "graphql/ast.h"

namespace holdfast::api {

/// All written types but models and root types, and the inputs of those that models hold.
void add_own_types(const Basis& basis, Definitions& definitions);
/// The written fields of a root type.
std::vector<graphql::FieldDefinition> own_fields(const Basis& basis, std::string_view root, Definitions& definitions);
/// A written field as the API shows it; `definitions` gets the inputs that @http and @predictions make of it.
graphql::FieldDefinition shown_field(const graphql::FieldDefinition& written, std::string_view parent,
                                     Definitions& definitions);

}  // namespace holdfast::api
