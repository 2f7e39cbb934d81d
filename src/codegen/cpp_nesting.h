// In which order embedded types are defined. Private to the room.
#pragma once

#include <vector>

#include "holdfast/schema.h"

namespace holdfast::codegen {

/// Each behind the types it holds, as far as types that contain themselves let: what a type needs to be written (`T!`,
/// no list) always stands before it. What it holds else may follow, or be the type itself.
std::vector<const EmbeddedSchema*> definition_order(const Schema& schema);

}  // namespace holdfast::codegen
