// Schema files from the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graphql/parser.h"
#include "schema/schema_reader.h"

namespace holdfast::cli {

struct SchemaFiles {
  std::vector<graphql::Source> sources;
  schema::Reading reading;
  std::vector<schema::AuthMode> modes;  ///< As asked for, else as a Gen 2 file says; may be empty.
};

enum class Notices : bool { left_out, shown };

/// Reads all files as one schema, Gen 2 files among them, and shows its notices on standard error unless they are left
/// out; they are in the reading either way. On failure shows every problem there and returns nothing.
std::optional<SchemaFiles> read_schema_files(const std::vector<std::string>& paths,
                                             const schema::ReadOptions& options = {}, Notices notices = Notices::shown);

/// The texts of all files as annotated GraphQL, not yet understood. Nothing after problems, which are shown.
std::optional<std::vector<graphql::Source>> read_schema_sources(const std::vector<std::string>& paths);

/// The whole file; nothing when it cannot be read, and errno says why.
std::optional<std::string> file_text(const std::string& path);

/// "holdfast: <sentence>" on standard error. Returns 1, the exit code of a verb that failed.
int complain(const std::string& sentence);

}  // namespace holdfast::cli
