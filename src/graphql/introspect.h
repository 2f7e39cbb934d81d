// Introspection: the type system described by itself.
#pragma once

#include <string_view>

#include "graphql/type_system.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// The value of `__schema`, as an object tree that the executor selects from; types refer to each other by the
/// member `__ref` (a type's text), which the executor follows.
Value introspected_schema(const TypeSystem& types);
/// The value that `__ref` stands for: a type as its text says it ("Post", "[Post!]!"); null when the innermost type
/// is not known. The value of `__type(name:)` is that of the name.
Value introspected_type(const TypeSystem& types, std::string_view text);

}  // namespace holdfast::graphql
