// model-introspection.json: what Gen 2's amplify_outputs.json holds as model_introspection.
#pragma once

#include "codegen/cpp_models.h"
#include "codegen/metadata.h"

namespace holdfast::codegen {

/// Metadata for Audience::introspection.
Value introspection(const Metadata& metadata);
GeneratedFile introspection_file(const Metadata& metadata);

}  // namespace holdfast::codegen
