#include "apps/cli/run_node.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "apps/cli/child_process.h"
#include "apps/cli/schema_files.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* door = "run.cjs";  ///< The script that runs the others.
constexpr const char* installed_tools = "share/holdfast/node";
constexpr auto patience_default = std::chrono::seconds(60);

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

std::chrono::seconds patience() {
  const auto text = setting("HOLDFAST_NODE_SECONDS");
  int count = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_number && count > 0 ? std::chrono::seconds(count) : patience_default;
}

Result<fs::path> tools_folder() {
  const auto chosen = setting("HOLDFAST_NODE_TOOLS");
  if (!chosen.empty()) {
    if (fs::exists(fs::path(chosen) / door)) return fs::path(chosen);
    return Error{Code::not_found, "HOLDFAST_NODE_TOOLS is " + chosen + ", and there is no " + door + " in it"};
  }
  std::error_code failed;
  const auto program = fs::read_symlink("/proc/self/exe", failed);
  const auto installed = program.parent_path().parent_path() / installed_tools;
  if (!failed && fs::exists(installed / door)) return installed;
#ifdef HOLDFAST_NODE_TOOLS_BUILT
  const fs::path built(HOLDFAST_NODE_TOOLS_BUILT);
  if (fs::exists(built / door)) return built;
#endif
  return Error{Code::not_found, "The scripts that holdfast runs with Node.js are not where they are installed, " +
                                    installed.string() + ". Set HOLDFAST_NODE_TOOLS to the folder tools/node."};
}

std::string text_of(const Value& value) {
  const auto* text = value.as_string();
  return text ? *text : std::string();
}

std::uint32_t number_of(const Value& value) {
  const auto* number = value.as_integer();
  return number && *number > 0 && *number <= UINT32_MAX ? static_cast<std::uint32_t>(*number) : 0;
}

Result<NodeReply> reply_of(const std::string& answer) {
  auto parsed = json::parse(answer);
  if (!parsed || !parsed->as_object()) {
    return Error{Code::malformed, "The script that ran with Node.js gave no reply that can be read."};
  }
  NodeReply reply;
  if (const auto* problems = (*parsed)["problems"].as_list()) {
    for (const auto& each : *problems) {
      reply.problems.push_back({text_of(each["file"]), number_of(each["line"]), number_of(each["column"]),
                                text_of(each["message"]), text_of(each["remedy"])});
    }
  }
  reply.value = std::move(*parsed);
  return reply;
}

Error explained(const Error& error, const std::string& script) {
  switch (error.code) {
    case Code::not_found:
      return {error.code,
              "Node.js is not found, and this needs it: install version 18 or newer (https://nodejs.org), "
              "or set HOLDFAST_NODE to its program"};
    case Code::timed_out:
      return {error.code, "Node.js ran " + script + " and gave " + error.message +
                              "; set HOLDFAST_NODE_SECONDS when it needs more time"};
    default: return {error.code, "Node.js ran " + script + " and failed: " + error.message};
  }
}

}  // namespace

Result<NodeReply> run_node(const std::string& script, const Value& request) {
  HOLDFAST_TRY(folder, tools_folder());
  const auto chosen = setting("HOLDFAST_NODE");
  const auto program = chosen.empty() ? "node" : chosen;
  const auto answer = answer_of({program, (folder / door).string(), script}, json::write(request), patience());
  if (!answer) return explained(answer.error(), script);
  return reply_of(*answer);
}

void show(const std::vector<NodeProblem>& problems) {
  for (const auto& problem : problems) {
    const graphql::Diagnostic diagnostic{{problem.line, problem.column, 0}, problem.message, problem.remedy};
    std::vector<graphql::Source> sources;
    if (!problem.file.empty()) sources.push_back({problem.file, file_text(problem.file).value_or("")});
    std::cerr << graphql::render(diagnostic, sources);
  }
}

}  // namespace holdfast::cli
