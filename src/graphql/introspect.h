// Introspection: the type system described by itself.
#pragma once

#include "graphql/type_system.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// The value of `__schema`, as an object tree that the executor selects from; types refer to each other by the
/// member `__ref` (a type's text), which the executor follows.
Value introspected_schema(const TypeSystem& types);
/// The value of `__type(name:)`; null when there is no such type.
Value introspected_type(const TypeSystem& types, std::string_view name);

}  // namespace holdfast::graphql
