// The version that the published generator gives a schema, by which published clients know that their store's
// structure has changed. Not Schema::version, which C++ devices go by and which is stricter.
#pragma once

#include <string>

#include "codegen/metadata.h"

namespace holdfast::codegen {

/// 32 hexadecimal digits. Relations and fields count; keys of v2, enums, rules and descriptions do not.
std::string published_version(const Metadata& metadata);

}  // namespace holdfast::codegen
