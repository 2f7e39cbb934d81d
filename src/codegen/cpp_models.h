// Schema → C++ models.
#pragma once

#include <string>
#include <vector>

#include "schema/schema_reader.h"

namespace holdfast::codegen {

struct GeneratedFile {
  std::string name;
  std::string text;
};

struct CppOptions {
  std::string name = "models";     ///< File names: <name>.h and <name>.cc.
  std::string space = "models";    ///< The C++ namespace. Holds the models and `schema()`.
};

/// One header and one source. Deterministic. The header needs only include/holdfast.
std::vector<GeneratedFile> cpp_models(const schema::Reading& reading, const CppOptions& options);

}  // namespace holdfast::codegen
