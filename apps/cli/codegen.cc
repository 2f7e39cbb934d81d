#include "codegen/cpp_models.h"

#include "apps/cli/codegen_published.h"
#include "apps/cli/generated_files.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"

namespace holdfast::cli {

int codegen_models(const CodegenOptions& options) {
  const auto files = read_schema_files(options.schema_paths);
  if (!files) return 1;
  if (options.target != "cpp") {
    const auto made = published_models(*files, options.target);
    return made ? write_generated(options.folder, *made) : 1;
  }
  codegen::CppOptions cpp;
  cpp.name = options.name;
  cpp.space = options.space.empty() ? options.name : options.space;
  return write_generated(options.folder, codegen::cpp_models(files->reading.schema, cpp));
}

}  // namespace holdfast::cli
