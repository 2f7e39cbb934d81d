// holdfast: the one program. Exit codes: 0, 1 when a verb failed, 2 when it was called wrongly.
#include <CLI/CLI.hpp>
#include <functional>
#include <regex>

#include "apps/cli/verbs.h"
#include "codegen/statements.h"

namespace holdfast::cli {
namespace {

constexpr int called_wrongly = 2;

using Verb = std::function<int()>;

CLI::Validator matching(const char* pattern, const char* what) {
  return CLI::Validator(
      [pattern, what](const std::string& text) {
        return std::regex_match(text, std::regex(pattern)) ? std::string() : "\"" + text + "\" is not " + what;
      },
      "");
}

void add_schema(CLI::App& verb, std::vector<std::string>& paths) {
  verb.add_option("--schema", paths, "A GraphQL schema file or a Gen 2 resource.ts; several are one schema")
      ->required()
      ->type_name("FILE");
}

void add_serve(CLI::App& app, ServeOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("serve", "Serve the API of a schema: GraphQL over HTTP, and realtime");
  add_schema(*verb, options.schema_paths);
  auto* folder = verb->add_option("--data", options.folder, "The folder to keep records and the API key in");
  folder->type_name("DIR");
  verb->add_option("--host", options.host, "The address to listen on")->capture_default_str();
  verb->add_option("--port", options.port, "The port; 0 takes any free one")->capture_default_str();
  verb->add_option("--api-key", options.api_key, "The key that callers need; one is made and kept when none is given");
  verb->add_option("--conflict", options.conflict, "What becomes of an edit of an older version")
      ->check(CLI::IsMember({"automerge", "optimistic", "none"}))
      ->capture_default_str();
  verb->add_option("--log-level", options.log_level, "How much to tell on standard error")
      ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
      ->capture_default_str();
  verb->add_option("--function", options.functions,
                   "A function of @function: NAME=http://... or NAME=\"program arguments\"; may be given several times")
      ->type_name("NAME=WHERE");
  verb->add_option("--function-seconds", options.function_seconds, "How long a function may take")
      ->check(CLI::Range(1, 900))
      ->capture_default_str();
  verb->add_option("--env", options.environment, "The name that ${env} stands for in @function and @http");
  verb->add_flag("--memory", options.is_in_memory, "Keep records in memory only");
  verb->callback([&options, &chosen, folder] {
    if (options.folder.empty() && !options.is_in_memory) throw CLI::RequiredError(folder->get_name());
    chosen = [&options] { return serve(options); };
  });
}

/// The files of other languages have names that their users import.
void refuse_cpp_names(const CLI::App& verb, const std::string& target) {
  if (target == "cpp") return;
  for (const char* name : {"--name", "--namespace"}) {
    const bool is_named = target == "json" && name == std::string_view("--name");
    if (is_named || verb.get_option(name)->count() == 0) continue;
    throw CLI::ValidationError(
        name, "is for --target cpp only; the files of --target " + target + " have names of their own");
  }
}

void add_models(CLI::App& codegen, CodegenOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("models", "Generate the models; files that would not change are left alone");
  add_schema(*verb, options.schema_paths);
  verb->add_option("--out", options.folder, "The folder to write to")->required()->type_name("DIR");
  verb->add_option("--name", options.name, "The name of the C++ or JSON files, without suffix")
      ->check(matching("[A-Za-z_]\\w*", "made of letters, digits and underscores"))
      ->capture_default_str();
  verb->add_option("--namespace", options.space, "The C++ namespace; the name of the files when none is given")
      ->check(matching("[A-Za-z_]\\w*(::[A-Za-z_]\\w*)*", "a C++ namespace"));
  verb->add_option("--target", options.target, "The language")
      ->check(CLI::IsMember({"cpp", "json", "javascript", "typescript", "introspection", "swift", "java", "dart"}))
      ->capture_default_str();
  verb->add_option("--dialect", options.dialect, "v1 for @connection and @key; auto looks for them")
      ->check(CLI::IsMember({"auto", "v1", "v2"}))
      ->capture_default_str();
  verb->callback([&options, &chosen, verb] {
    refuse_cpp_names(*verb, options.target);
    chosen = [&options] { return codegen_models(options); };
  });
}

void add_codegen_schema(CLI::App& codegen, SchemaOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("schema", "Print the schema as one text; a Gen 2 resource.ts becomes GraphQL");
  add_schema(*verb, options.schema_paths);
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_schema(options); }; });
}

void add_api_options(CLI::App& verb, ApiOptions& options) {
  add_schema(verb, options.schema_paths);
  verb.add_option("--conflict", options.conflict, "How conflicts are settled; none leaves out versions and sync")
      ->check(CLI::IsMember({"automerge", "optimistic", "lambda", "none"}))
      ->capture_default_str();
  verb.add_option("--auth", options.modes, "The ways in, separated by commas; the first is the default one")
      ->delimiter(',')
      ->check(CLI::IsMember({"apiKey", "userPools", "iam", "oidc", "lambda"}))
      ->type_name("MODES");
  verb.add_option("--dialect", options.dialect, "v1 for @connection and @key; auto looks for them")
      ->check(CLI::IsMember({"auto", "v1", "v2"}))
      ->capture_default_str();
}

void add_api(CLI::App& codegen, ApiOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("api", "Print the complete GraphQL API of a schema");
  add_api_options(*verb, options);
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_api(options); }; });
}

void add_statements(CLI::App& codegen, StatementsOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("statements", "Generate the queries, mutations and subscriptions of the API");
  add_api_options(*verb, options.api);
  verb->add_option("--out", options.folder, "The folder to write to")->required()->type_name("DIR");
  verb->add_option("--target", options.target, "The language")
      ->check(CLI::IsMember({"graphql", "javascript", "typescript", "flow", "angular"}))
      ->capture_default_str();
  verb->add_option("--max-depth", options.depth, "How many levels of objects a statement selects")
      ->check(CLI::Range(1, codegen::statement_depth_max))
      ->capture_default_str();
  verb->add_flag("--no-typename", options.has_no_typename, "Leave __typename out of the selections");
  verb->add_option("--types-path", options.types_path, "typescript: API.ts as seen from the statements, to type them");
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_statements(options); }; });
}

void add_check(CLI::App& app, CheckOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("check", "Tell what is wrong with a schema, or what a change of it loses");
  add_schema(*verb, options.schema_paths);
  auto* against = verb->add_option("--against", options.old_schema_paths,
                                   "The schema that devices have; several files are one. Lists what changed, and exits "
                                   "with 1 when stored data is lost");
  against->type_name("FILE");
  verb->add_option("--format", options.format, "How to show what changed")
      ->check(CLI::IsMember({"text", "json"}))
      ->needs(against)
      ->capture_default_str();
  verb->callback([&options, &chosen] { chosen = [&options] { return check(options); }; });
}

}  // namespace
}  // namespace holdfast::cli

int main(int count, char** words) {
  using namespace holdfast::cli;
  CLI::App app("Holdfast: the backend, the model generator and the schema checker.", "holdfast");
  app.set_version_flag("--version", "holdfast " HOLDFAST_VERSION);
  app.require_subcommand(1);
  Verb chosen;
  ServeOptions serve_options;
  CodegenOptions codegen_options;
  SchemaOptions schema_options;
  ApiOptions api_options;
  StatementsOptions statements_options;
  CheckOptions check_options;
  add_serve(app, serve_options, chosen);
  auto* codegen = app.add_subcommand("codegen", "Generate code from a schema")->require_subcommand(1);
  add_models(*codegen, codegen_options, chosen);
  add_codegen_schema(*codegen, schema_options, chosen);
  add_api(*codegen, api_options, chosen);
  add_statements(*codegen, statements_options, chosen);
  add_check(app, check_options, chosen);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& outcome) {
    return app.exit(outcome) == 0 ? 0 : called_wrongly;  // Help and version end here too, with 0.
  }
  return chosen();
}
