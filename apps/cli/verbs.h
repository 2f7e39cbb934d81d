// The verbs of the program. Each takes what the command line said and returns the exit code: 0, or 1 after an error
// that it has told on standard error.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/config/config.h"

namespace holdfast::cli {

int serve(const Told& told);

struct ConfigShowOptions {
  Told told = {};
  std::string format = "text";  ///< "text" or "json".
};
int config_show(const ConfigShowOptions& options);
/// The table of settings, as the guide has it.
int config_settings();

struct BackupOptions {
  std::string folder = {};
  std::string to = {};
};
int backup(const BackupOptions& options);

struct RestoreOptions {
  std::string from = {};
  std::string folder = {};
  bool is_forced = false;  ///< Also when the folder has records, which are put aside.
};
int restore(const RestoreOptions& options);

struct PullOptions {
  std::vector<std::string> schema_paths = {};
  std::string endpoint = {};             ///< Empty: as the server of `folder` says.
  std::string api_key = {};              ///< Empty: the one kept in `folder`.
  std::string folder = {};               ///< The data folder of a server on this machine, or empty.
  std::string region = "us-east-1";
  std::string target = "javascript";     ///< "javascript" or "mobile".
  std::string out = {};
};
int pull(const PullOptions& options);

struct ConflictsOptions {
  std::string folder = {};
  std::string model = {};     ///< Empty: every one.
  std::string key = {};       ///< One text, or a JSON array for a key of several fields. Empty: every one.
  std::uint32_t limit = 100;  ///< The newest ones.
  bool is_json = false;       ///< One object a line.
};
int conflicts(const ConflictsOptions& options);

struct CodegenOptions {
  std::vector<std::string> schema_paths = {};
  std::string folder = {};
  std::string target = "cpp";    ///< "cpp", "json", "javascript", "typescript", "introspection", "swift", "java" or "dart".
  std::string dialect = "auto";  ///< "auto", "v1" or "v2".
  std::string name = "models";   ///< cpp and json only: of the files, without suffix.
  std::string space = {};        ///< cpp only: the namespace; empty: as the name.
};
int codegen_models(const CodegenOptions& options);

struct ApiOptions {
  std::vector<std::string> schema_paths = {};
  std::string conflict = "automerge";     ///< "automerge", "optimistic", "lambda" or "none".
  std::vector<std::string> modes = {};    ///< "apiKey", "userPools" ...; the default one first. Empty: API key.
  std::string dialect = "auto";           ///< "auto", "v1" or "v2".
};
int codegen_api(const ApiOptions& options);

struct StatementsOptions {
  ApiOptions api = {};
  std::string folder = {};
  std::string target = "graphql";  ///< "graphql", "javascript", "typescript", "flow" or "angular".
  int depth = 2;
  bool has_no_typename = false;
  std::string types_path = {};
};
int codegen_statements(const StatementsOptions& options);

struct SchemaOptions {
  std::vector<std::string> schema_paths = {};
};
int codegen_schema(const SchemaOptions& options);

struct CheckOptions {
  std::vector<std::string> schema_paths = {};
  std::vector<std::string> old_schema_paths = {};  ///< To compare with; empty: the schema is only checked.
  std::string format = "text";                     ///< Of the comparison: "text" or "json".
};
int check(const CheckOptions& options);

struct VerifyOptions {
  std::vector<std::string> schema_paths = {};
  std::string database = {};   ///< A device's.
  std::string endpoint = {};
  std::string api_key = {};
  std::string ca_file = {};    ///< Of authorities to trust beside the system's; empty: none.
};
int verify(const VerifyOptions& options);

}  // namespace holdfast::cli
