#include "codegen/cpp_models.h"

#include "codegen/cpp_emit.h"
#include "codegen/cpp_shape.h"

namespace holdfast::codegen {

std::vector<GeneratedFile> cpp_models(const schema::Reading& reading, const CppOptions& options) {
  const auto shape = shape_of(reading);
  return {{options.name + ".h", header_text(shape, options)},
          {options.name + ".cc", source_text(shape, reading.schema, options)}};
}

}  // namespace holdfast::codegen
