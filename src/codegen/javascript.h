// The models of a JavaScript or TypeScript application: the four files that the published DataStore and its users
// import. TypeScript gets them, too: index.ts, which the published generator writes for it, does not compile.
#pragma once

#include <vector>

#include "codegen/cpp_models.h"
#include "codegen/metadata.h"

namespace holdfast::codegen {

/// The object in schema.js. Metadata for Audience::datastore, here and below.
Value schema_js(const Metadata& metadata);
/// index.js, index.d.ts, schema.js, schema.d.ts.
std::vector<GeneratedFile> javascript_models(const Metadata& metadata);

}  // namespace holdfast::codegen
