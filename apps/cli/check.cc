#include <iostream>

#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"

namespace holdfast::cli {

int check(const CheckOptions& options) {
  const auto files = read_schema_files(options.schema_paths);
  if (!files) return 1;
  const auto& schema = files->reading.schema;
  std::cout << "The schema is sound: " << schema.models.size() << " models, " << schema.enums.size() << " enums, "
            << schema.embedded.size() << " embedded types, " << files->reading.notices.size() << " notices.\n";
  return 0;
}

}  // namespace holdfast::cli
