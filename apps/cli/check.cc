#include <iostream>

#include "apps/cli/change_report.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"

namespace holdfast::cli {
namespace {

int check_change(const SchemaFiles& files, const CheckOptions& options) {
  const auto old_files = read_schema_files(options.old_schema_paths, {}, Notices::left_out);
  if (!old_files) return 1;
  const auto report = change_report(*old_files, files, options.format);
  std::cout << report.text;
  return report.loses_data ? complain("the new schema loses data that the old one holds") : 0;
}

}  // namespace

int check(const CheckOptions& options) {
  const auto files = read_schema_files(options.schema_paths);
  if (!files) return 1;
  if (!options.old_schema_paths.empty()) return check_change(*files, options);
  const auto& schema = files->reading.schema;
  std::cout << "The schema is sound: " << schema.models.size() << " models, " << schema.enums.size() << " enums, "
            << schema.embedded.size() << " embedded types, " << files->reading.notices.size() << " notices.\n";
  return 0;
}

}  // namespace holdfast::cli
