// Generated files on the disk.
#pragma once

#include <string>
#include <vector>

#include "codegen/cpp_models.h"

namespace holdfast::cli {

/// Writes the files to the folder, which is made when it is missing, and says so on standard output. A file that has
/// not changed keeps its time, so that a build does not make anything of it again. Names may hold folders, but none
/// leads out of `folder`. Returns an exit code, after an error told on standard error.
int write_generated(const std::string& folder, const std::vector<codegen::GeneratedFile>& files);

}  // namespace holdfast::cli
