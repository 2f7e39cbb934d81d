// Where something of a Schema was written.
#pragma once

#include <optional>
#include <string_view>

#include "schema/written.h"

namespace holdfast::schema {

/// The place of the type's member: a field, an enum value, or the directive that names it (an index). The type's own
/// place when the member is not written itself, or is empty; for a join model, that of its first `@manyToMany`.
/// Nothing when the type is not written at all.
std::optional<graphql::Location> place_of(const Written& written, std::string_view type, std::string_view member);

}  // namespace holdfast::schema
