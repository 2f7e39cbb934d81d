// What changed between two schemas, as `holdfast check --against` shows it.
#pragma once

#include <string>

#include "apps/cli/schema_files.h"

namespace holdfast::cli {

struct ChangeReport {
  std::string text;          ///< For the terminal, or JSON; ends with a line end.
  bool loses_data = false;
};

/// "text": a block a change, with its place and what it means. "json": the same as one object.
ChangeReport change_report(const SchemaFiles& old_files, const SchemaFiles& new_files, const std::string& format);

}  // namespace holdfast::cli
