// The verbs of the program. Each takes what the command line said and returns the exit code: 0, or 1 after an error
// that it has told on standard error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/log.h"

namespace holdfast::cli {

struct ServeOptions {
  std::vector<std::string> schema_paths = {};  ///< Several are one API.
  std::string folder = {};                     ///< Where everything is kept; empty only with is_in_memory.
  std::string host = "127.0.0.1";
  std::uint16_t port = 20002;
  std::string api_key = {};                    ///< Empty: the one kept in the folder, or a new one.
  std::string conflict = "automerge";          ///< "automerge", "optimistic" or "none".
  std::string log_level = "warning";           ///< "error", "warning", "info" or "debug".
  bool is_in_memory = false;
  std::vector<std::string> functions = {};     ///< "NAME=http://..." or "NAME=program arguments".
  unsigned function_seconds = 30;              ///< How long each of them may take.
  std::string environment = {};                ///< `${env}` in names of functions and in addresses.
};
int serve(const ServeOptions& options);

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

}  // namespace holdfast::cli
