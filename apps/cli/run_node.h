// Runs a script of tools/node in a process of Node.js, for what only the published packages can do.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "holdfast/result.h"

namespace holdfast::cli {

/// What a script says is wrong with its input. Line 0: no place is known. An empty file: it is about the request.
struct NodeProblem {
  std::string file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message = {};
  std::string remedy = {};
};

struct NodeReply {
  Value value = {};  ///< What the script was asked for; null when there are problems.
  std::vector<NodeProblem> problems = {};
};

/// Hands `request` to the script and waits for its reply, 60 seconds at most (HOLDFAST_NODE_SECONDS). What the script
/// prints goes to standard error. The scripts are looked for in HOLDFAST_NODE_TOOLS, in share/holdfast/node beside the
/// folder of the program, and where the program was built. Codes: not_found (Node.js or the scripts), timed_out,
/// limit_exceeded, rejected (the process failed), malformed (its reply).
Result<NodeReply> run_node(const std::string& script, const Value& request);

/// Shows the problems on standard error as those of a schema are shown: place, line, caret, remedy.
void show(const std::vector<NodeProblem>& problems);

}  // namespace holdfast::cli
