// What must hold between the definitions of a type system (October 2021, section 3).
#pragma once

#include <vector>

#include "graphql/parser.h"
#include "graphql/type_system.h"

namespace holdfast::graphql {

/// All that is wrong with the merged definitions; names are unique already. In no particular order.
std::vector<Diagnostic> check_type_system(const TypeSystem& types);

}  // namespace holdfast::graphql
